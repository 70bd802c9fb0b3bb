package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What nobody handles is told, once, with what is known of it.
class UnseenTest {
    private final TestLoop loop = new TestLoop();
    private final IOException reason = new IOException("lost");

    private String subject() {
        assertThat(loop.subjects()).hasSize(1);
        return loop.subjects().getFirst();
    }

    @Test
    @Tag("P-52")
    void aReportNamesThePromiseItsPlaceAndTheWork() {
        Scope.root().with(Scope.WORK, () -> "GET /x").run(() -> loop.turn(() -> Promise.failed(reason).named("user")));

        assertThat(loop.reported()).containsExactly(reason);
        assertThat(subject()).startsWith(" of promise 'user' made at ").endsWith(", in GET /x");
    }

    @Test
    void thePlaceIsThatOfTheLastCallback() {
        loop.turn(() -> Promise.<Integer>failed(reason).map(n -> n + 1));

        assertThat(subject()).contains("UnseenTest.java:").contains("thePlaceIsThatOfTheLastCallback");
    }

    @Test
    void withoutACallbackItIsThatOfTheResolver() {
        loop.turn(() -> Resolver.create().reject(reason));

        assertThat(subject()).contains("withoutACallbackItIsThatOfTheResolver");
    }

    @Test
    void aFailureCollectsTheNamesOnItsWay() {
        loop.turn(() -> Promise.<Integer>failed(reason).named("row").map(n -> n + 1).named("page"));

        assertThat(subject()).startsWith(" of promise 'page' < 'row'");
    }

    @Test
    void aNameChangesNothingElse() {
        assertThat(Promise.of(1).named("one").state()).isEqualTo(new Promise.Fulfilled<>(1));
        assertThat(Promise.failed(reason).named("none").state()).isEqualTo(new Promise.Rejected<>(reason));
    }

    @Test
    @Tag("P-37")
    void oneReasonIsToldOnceHoweverManyPromisesItReaches() {
        loop.turn(() -> {
            Resolver<Integer> resolver = Resolver.create();
            resolver.promise().map(n -> n + 1);
            resolver.promise().tap(n -> {}).then(Promise::of);
            Promises.all(List.of(resolver.promise()));
            resolver.reject(reason);
        });

        assertThat(loop.reported()).containsExactly(reason);
    }

    @Test
    void whatOneBranchHandlesIsStillToldForTheOther() {
        loop.turn(() -> {
            Resolver<Integer> resolver = Resolver.create();
            resolver.promise().recover(IOException.class, e -> 0);
            resolver.promise().map(n -> n + 1);
            resolver.reject(reason);
        });

        assertThat(loop.reported()).containsExactly(reason);
    }

    @Test
    void theWorkOfAnotherTurnIsNotMixedUp() {
        AtomicReference<Resolver<Integer>> resolver = new AtomicReference<>();
        Scope.root().with(Scope.WORK, () -> "GET /x").run(() -> loop.turn(() -> {
            resolver.set(Resolver.create());
            resolver.get().promise().map(n -> n + 1);
        }));
        Scope.root().with(Scope.WORK, () -> "GET /y").run(() -> loop.turn(() -> resolver.get().reject(reason)));

        assertThat(subject()).endsWith(", in GET /x");
    }

    @Test
    void theScopeOfAReportIsNoScopeOfCallbacks() {
        AtomicReference<Scope> seen = new AtomicReference<>();
        loop.turn(() -> Promise.of(1).named("one").tap(n -> seen.set(Scope.current())));

        assertThat(seen.get().get(Trace.ORIGIN)).isEmpty();
    }

    /// The defects of blackbird's `finish`: a second settlement leaves a debug line only.
    @Nested
    class TooLate {
        private final Resolver<Integer> resolver = Resolver.create();
        private final long before = LateSettlement.count();
        private final IOException late = new IOException("late");

        private LateSettlement last() {
            assertThat(LateSettlement.count()).isEqualTo(before + 1);
            return LateSettlement.latest().getLast();
        }

        @Test
        @Tag("P-53")
        void aSecondRejectionIsRecordedWithBothReasons() {
            resolver.promise().recover(IOException.class, e -> 0);
            assertThat(resolver.reject(reason)).isTrue();
            assertThat(resolver.reject(late)).isFalse();

            assertThat(last().first()).containsSame(reason);
            assertThat(last().second()).containsSame(late);
            assertThat(last().promise()).startsWith("a promise made at ").contains("UnseenTest");
        }

        @Test
        void soIsARejectionAfterAValueAndAValueAfterAValue() {
            resolver.resolve(1);
            resolver.reject(late);
            assertThat(last().first()).isEmpty();
            assertThat(last().second()).containsSame(late);

            resolver.resolve(2);
            assertThat(LateSettlement.count()).isEqualTo(before + 2);
        }

        @Test
        void soIsWhatComesAfterFollowingAnother() {
            resolver.follow(Promise.of(1));
            assertThat(resolver.follow(Promise.of(2))).isFalse();

            assertThat(last().second()).isEmpty();
        }

        @Test
        void theWorkIsNamed() {
            Resolver<Integer> named =
                    Scope.root().with(Scope.WORK, () -> "GET /x").call(Resolver::<Integer>create);
            named.resolve(1);
            named.resolve(2);

            assertThat(last().promise()).endsWith(", in GET /x");
        }

        @Test
        void whatEndsAfterACancelIsNoMistake() {
            resolver.promise().cancel();
            resolver.resolve(1);
            resolver.reject(late);

            assertThat(LateSettlement.count()).isEqualTo(before);
        }

        @Test
        void noMoreThanSixteenAreKept() {
            for (int i = 0; i < 100; i++) {
                resolver.resolve(i);
            }

            assertThat(LateSettlement.count()).isEqualTo(before + 99);
            assertThat(LateSettlement.latest()).hasSize(16);
        }
    }
}
