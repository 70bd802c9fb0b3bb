package dev.thrum.scope;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private static final Throwable GONE = new IOException("the client went away");
    private static final Key<String> USER = Key.of("user");

    private final FakeHome home = new FakeHome();
    private final Scope base = Scope.root().at(home);
    private final Scope scope = base.child();
    private final List<String> heard = new ArrayList<>();

    @Test
    void aFreshScopeIsNotCancelled() {
        assertThat(scope.cancelled()).isFalse();
        assertThat(scope.reason()).isEmpty();
    }

    @Test
    void cancelSetsTheReason() {
        assertThat(scope.cancel(GONE)).isTrue();
        assertThat(scope.cancelled()).isTrue();
        assertThat(scope.reason()).containsSame(GONE);
    }

    @Test
    void onlyTheFirstCancelCounts() {
        scope.cancel(GONE);
        assertThat(scope.cancel(new IOException("again"))).isFalse();
        assertThat(scope.reason()).containsSame(GONE);
    }

    @Test
    void theRootCannotBeCancelled() {
        assertThatThrownBy(() -> base.with(USER, "ada").cancel(GONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the root scope cannot be cancelled; cancel a child() of it");
    }

    @Test
    void registeringAtTheRootKeepsNothing() {
        WeakReference<Object> kept = new WeakReference<>(new Object());
        Object captured = kept.get();
        Registration registration = Scope.root().onCancel(hear(String.valueOf(captured)));
        captured = null;
        System.gc();
        assertThat(kept.get()).isNull();
        registration.close();
    }

    @Test
    void actionsRunInTheOrderOfTheirRegistration() {
        scope.onCancel(hear("first"));
        scope.onCancel(hear("second"));
        scope.onCancel(hear("third"));
        scope.cancel(GONE);
        assertThat(heard).containsExactly("first", "second", "third");
    }

    @Test
    void actionsGetTheReason() {
        AtomicReference<Throwable> reason = new AtomicReference<>();
        scope.onCancel(reason::set);
        scope.cancel(GONE);
        assertThat(reason.get()).isSameAs(GONE);
    }

    @Test
    void actionsRunUnderTheScopeOfWhoeverRegisteredThem() {
        base.with(USER, "ada")
                .run(() -> scope.onCancel(why -> heard.add(Scope.current().get(USER).orElse("nobody"))));
        scope.cancel(GONE);
        assertThat(heard).containsExactly("ada");
    }

    @Test
    void anActionRegisteredAfterTheCancelRunsAtOnce() {
        scope.cancel(GONE);
        scope.onCancel(hear("late"));
        assertThat(heard).containsExactly("late");
    }

    @Test
    void anActionMayRegisterAnother() {
        scope.onCancel(why -> scope.onCancel(hear("inner")));
        scope.onCancel(hear("second"));
        scope.cancel(GONE);
        assertThat(heard).containsExactly("inner", "second");
    }

    @Test
    void anActionMayCancelAgain() {
        scope.onCancel(why -> heard.add("again: " + scope.cancel(new IOException("again"))));
        scope.cancel(GONE);
        assertThat(heard).containsExactly("again: false");
    }

    @Test
    void aClosedRegistrationDoesNotRun() {
        scope.onCancel(hear("first"));
        Registration second = scope.onCancel(hear("second"));
        scope.onCancel(hear("third"));
        second.close();
        second.close();
        scope.cancel(GONE);
        assertThat(heard).containsExactly("first", "third");
    }

    @Test
    void registrationsMayCloseInAnyOrder() {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            registrations.add(scope.onCancel(hear("action " + i)));
        }
        for (int i : new int[] {4, 0, 2, 1}) {
            registrations.get(i).close();
        }
        scope.cancel(GONE);
        assertThat(heard).containsExactly("action 3");
    }

    @Test
    void anActionClosedByAnEarlierOneDoesNotRun() {
        List<Registration> later = new ArrayList<>();
        scope.onCancel(why -> later.forEach(Registration::close));
        later.add(scope.onCancel(hear("later")));
        scope.onCancel(hear("last"));
        scope.cancel(GONE);
        assertThat(heard).containsExactly("last");
    }

    @Test
    void closingAfterTheRunDoesNothing() {
        Registration registration = scope.onCancel(hear("once"));
        scope.cancel(GONE);
        registration.close();
        assertThat(heard).containsExactly("once");
    }

    @Test
    void aFailingActionIsReportedAndTheOthersRun() {
        IllegalStateException problem = new IllegalStateException("no");
        base.run(() -> scope.onCancel(why -> {
            throw problem;
        }));
        scope.onCancel(hear("second"));
        scope.cancel(GONE);
        assertThat(home.reports).containsExactly(problem);
        assertThat(heard).containsExactly("second");
    }

    @Test
    void aFailingActionRegisteredLateIsReportedToo() {
        IllegalStateException problem = new IllegalStateException("no");
        scope.cancel(GONE);
        base.run(() -> scope.onCancel(why -> {
            throw problem;
        }));
        assertThat(home.reports).containsExactly(problem);
    }

    @Test
    void derivedScopesShareTheCancellation() {
        Scope derived = scope.with(USER, "ada").at(Home.root());
        derived.cancel(GONE);
        assertThat(scope.reason()).containsSame(GONE);
    }

    @Test
    void aClosedRegistrationKeepsNothingAlive() {
        WeakReference<Object> kept = new WeakReference<>(new Object());
        Object captured = kept.get();
        Registration registration = scope.onCancel(keep(captured));
        Registration neighbour = scope.onCancel(hear("neighbour"));
        captured = null;
        registration.close();
        System.gc();
        assertThat(kept.get()).isNull();
        neighbour.close();
        registration.close();
    }

    @Nested
    class AChild {
        private final Scope child = scope.child();

        @Test
        void isCancelledWithItsParent() {
            child.onCancel(hear("child"));
            scope.cancel(GONE);
            assertThat(heard).containsExactly("child");
            assertThat(child.reason()).containsSame(GONE);
        }

        @Test
        void isCancelledWithItsParentWithoutListening() {
            scope.cancel(GONE);
            assertThat(child.cancelled()).isTrue();
            assertThat(child.reason()).containsSame(GONE);
        }

        @Test
        void doesNotCancelItsParent() {
            scope.onCancel(hear("parent"));
            child.onCancel(hear("child"));
            child.cancel(GONE);
            assertThat(heard).containsExactly("child");
            assertThat(scope.cancelled()).isFalse();
        }

        @Test
        void hearsOfItOnce() {
            child.onCancel(hear("child"));
            child.cancel(GONE);
            scope.cancel(new IOException("later"));
            assertThat(heard).containsExactly("child");
            assertThat(child.reason()).containsSame(GONE);
        }

        @Test
        void ofACancelledParentCannotBeCancelledForAnotherReason() {
            scope.cancel(GONE);
            assertThat(child.cancel(new IOException("other"))).isFalse();
            assertThat(child.reason()).containsSame(GONE);
        }

        @Test
        void registeringAfterTheParentsCancelRunsAtOnce() {
            scope.cancel(GONE);
            child.onCancel(hear("late"));
            assertThat(heard).containsExactly("late");
        }

        @Test
        void hearsAtThePlaceOfItsFirstRegistration() {
            scope.onCancel(hear("parent 1"));
            child.onCancel(hear("child 1"));
            scope.onCancel(hear("parent 2"));
            child.onCancel(hear("child 2"));
            scope.cancel(GONE);
            assertThat(heard).containsExactly("parent 1", "child 1", "child 2", "parent 2");
        }

        @Test
        void attachesAgainAfterItsLastRegistrationClosed() {
            child.onCancel(hear("first")).close();
            child.onCancel(hear("second"));
            scope.cancel(GONE);
            assertThat(heard).containsExactly("second");
        }

        @Test
        void thatNobodyListensToIsLetGo() {
            WeakReference<Scope> forgotten = new WeakReference<>(scope.child());
            System.gc();
            assertThat(forgotten.get()).isNull();
        }

        @Test
        void thatNobodyListensToAnyMoreIsLetGo() {
            Scope listening = scope.child();
            WeakReference<Object> kept = new WeakReference<>(new Object());
            listening.with(Key.of("state"), kept.get()).onCancel(keep(kept.get())).close();
            scope.onCancel(hear("parent"));
            listening = null;
            System.gc();
            assertThat(kept.get()).isNull();
        }

        @Test
        void thatWasCancelledIsLetGoByItsParent() {
            scope.onCancel(hear("parent"));
            WeakReference<Scope> cancelled = new WeakReference<>(scope.child());
            cancelAfterListening(cancelled);
            System.gc();
            assertThat(cancelled.get()).isNull();
        }

        @Test
        void mayBeFarDown() {
            Scope deep = scope;
            for (int i = 0; i < 2_000; i++) {
                deep = deep.child();
            }
            deep.onCancel(hear("deep"));
            scope.cancel(GONE);
            assertThat(heard).containsExactly("deep");
            assertThat(deep.cancelled()).isTrue();
        }

        @Test
        void grandchildrenOfManyBranchesAllHear() {
            for (int i = 0; i < 10; i++) {
                Scope branch = scope.child();
                for (int j = 0; j < 10; j++) {
                    branch.child().onCancel(hear(i + "." + j));
                }
            }
            scope.cancel(GONE);
            assertThat(heard).hasSize(100).startsWith("0.0", "0.1").endsWith("9.8", "9.9");
        }
    }

    @Nested
    class ADeadline {
        private final Scope limited = base.within(ofSeconds(5));

        @Test
        void cancelsWhenItHasPassed() {
            limited.onCancel(why -> heard.add(why.getClass().getSimpleName() + ": " + why.getMessage()));
            home.pass(ofSeconds(5));
            assertThat(heard).containsExactly("TimeoutException: the time limit of PT5S has passed");
            assertThat(limited.cancelled()).isTrue();
        }

        @Test
        void doesNotCancelBefore() {
            limited.onCancel(hear("too early"));
            home.pass(ofMillis(4_999));
            assertThat(heard).isEmpty();
            assertThat(limited.cancelled()).isFalse();
        }

        @Test
        void isArmedWhileSomebodyListens() {
            assertThat(home.armed()).isZero();
            Registration one = limited.onCancel(hear("one"));
            Registration two = limited.onCancel(hear("two"));
            assertThat(home.armed()).isOne();
            one.close();
            assertThat(home.armed()).isOne();
            two.close();
            assertThat(home.armed()).isZero();
        }

        @Test
        void isDisarmedByACancel() {
            limited.onCancel(hear("cancelled"));
            limited.cancel(GONE);
            assertThat(home.armed()).isZero();
        }

        @Test
        void isArmedAgainForWhatIsLeft() {
            limited.onCancel(hear("first")).close();
            home.pass(ofSeconds(3));
            limited.onCancel(hear("second"));
            home.pass(ofSeconds(2));
            assertThat(heard).containsExactly("second");
        }

        @Test
        void countsWithoutAnybodyListening() {
            home.pass(ofSeconds(6));
            assertThat(limited.cancelled()).isTrue();
            assertThat(limited.reason()).containsInstanceOf(TimeoutException.class);
        }

        @Test
        void givesTheSameReasonWheneverItIsAsked() {
            home.pass(ofSeconds(6));
            assertThat(limited.reason()).isEqualTo(limited.reason());
        }

        @Test
        void cannotBeCancelledForAnotherReasonOnceItHasPassed() {
            home.pass(ofSeconds(6));
            assertThat(limited.cancel(GONE)).isFalse();
            assertThat(limited.reason()).containsInstanceOf(TimeoutException.class);
        }

        @Test
        void thatHasPassedRunsANewActionAtOnce() {
            limited.onCancel(hear("waiting"));
            home.beLate(ofSeconds(6));
            limited.onCancel(hear("new"));
            assertThat(heard).containsExactly("waiting", "new");
        }

        @Test
        void ofAParentCancelsTheChild() {
            limited.child().onCancel(hear("child"));
            home.pass(ofSeconds(5));
            assertThat(heard).containsExactly("child");
        }

        @Test
        void ofAParentCountsIfItIsEarlier() {
            Scope longer = limited.within(ofSeconds(10));
            assertThat(longer.remaining()).contains(ofSeconds(5));
            longer.onCancel(hear("longer"));
            home.pass(ofSeconds(5));
            assertThat(heard).containsExactly("longer");
        }

        @Test
        void ofAChildDoesNotCancelTheParent() {
            limited.within(ofSeconds(1)).onCancel(hear("shorter"));
            limited.onCancel(hear("longer"));
            home.pass(ofSeconds(1));
            assertThat(heard).containsExactly("shorter");
            assertThat(limited.cancelled()).isFalse();
        }

        @Test
        void ofZeroHasPassed() {
            assertThat(base.within(Duration.ZERO).cancelled()).isTrue();
        }

        @Test
        void mayBeForEver() {
            Scope endless = base.within(ofSeconds(Long.MAX_VALUE));
            endless.onCancel(hear("the end"));
            home.pass(Duration.ofDays(10_000));
            assertThat(heard).isEmpty();
        }

        @Test
        void tellsWhatRemains() {
            home.pass(ofSeconds(2));
            assertThat(limited.remaining()).contains(ofSeconds(3));
            home.pass(ofSeconds(9));
            assertThat(limited.remaining()).contains(Duration.ZERO);
        }

        @Test
        void thatNobodySetLeavesAnyTime() {
            assertThat(scope.remaining()).isEmpty();
        }

        @Test
        void runsUnderTheScopeOfTheListenerNotOfWhoeverArmedIt() {
            base.with(USER, "ada").run(() -> limited.onCancel(hear("first")));
            limited.onCancel(why -> heard.add(Scope.current().get(USER).orElse("nobody")));
            home.pass(ofSeconds(5));
            assertThat(heard).containsExactly("first", "nobody");
        }

        @Test
        void thatAHomeRefusesLeavesNothingAtTheParent() {
            Scope parent = base.child();
            Scope refused = parent.within(ofSeconds(5));
            home.end();
            assertThatThrownBy(() -> refused.onCancel(hear("refused"))).hasMessage("ended");
            parent.onCancel(hear("parent")).close();
            parent.cancel(GONE);
            assertThat(heard).isEmpty();
            assertThat(refused.reason()).containsSame(GONE);
        }
    }

    private Consumer<Throwable> hear(String name) {
        return why -> heard.add(name);
    }

    private Consumer<Throwable> keep(Object captured) {
        return why -> heard.add(captured.toString());
    }

    private void cancelAfterListening(WeakReference<Scope> reference) {
        Scope child = reference.get();
        child.onCancel(hear("child"));
        child.cancel(GONE);
    }
}
