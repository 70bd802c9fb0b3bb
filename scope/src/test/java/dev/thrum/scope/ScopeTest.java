package dev.thrum.scope;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final Key<String> USER = Key.of("user");
    private static final Key<String> TENANT = Key.of("tenant");

    @Test
    void codeThatNothingRunsUnderRunsUnderTheRoot() {
        assertThat(Scope.current()).isSameAs(Scope.root());
    }

    @Test
    void bodiesRunUnderTheirScope() {
        Scope scope = Scope.root().with(USER, "ada");
        AtomicReference<Scope> seen = new AtomicReference<>();
        scope.run(() -> seen.set(Scope.current()));
        assertThat(seen.get()).isSameAs(scope);
    }

    @Test
    void theFormerScopeIsBackAfterTheBody() {
        Scope.root().with(USER, "ada").run(() -> {});
        assertThat(Scope.current()).isSameAs(Scope.root());
    }

    @Test
    void theFormerScopeIsBackAfterAFailure() {
        Scope outer = Scope.root().with(USER, "ada");
        List<Scope> seen = new ArrayList<>();
        outer.run(() -> {
            assertThatThrownBy(() -> outer.child().run(() -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            seen.add(Scope.current());
        });
        assertThat(seen).containsExactly(outer);
    }

    @Test
    void aHomeHearsWhichScopeRunsAndWhichOneAfterIt() {
        FakeHome home = new FakeHome();
        Scope outer = Scope.root().at(home);
        Scope inner = outer.with(USER, "ada");
        outer.run(() -> {
            inner.run(() -> inner.run(() -> {}));
            assertThatThrownBy(() -> inner.call(() -> {
                        throw new IOException("no");
                    }))
                    .hasMessage("no");
        });
        assertThat(home.entered).containsExactly(outer, inner, outer, inner, outer, Scope.root());
    }

    @Test
    void scopesNest() {
        Scope outer = Scope.root().with(USER, "ada");
        List<String> seen = new ArrayList<>();
        outer.run(() -> Scope.current().with(TENANT, "blue").run(() -> {
            seen.add(Scope.current().get(USER).orElseThrow());
            seen.add(Scope.current().get(TENANT).orElseThrow());
        }));
        assertThat(seen).containsExactly("ada", "blue");
    }

    @Test
    void callReturnsWhatTheBodyReturns() {
        assertThat(Scope.root().with(USER, "ada").call(() -> Scope.current().get(USER)))
                .contains("ada");
    }

    @Test
    void callThrowsWhatTheBodyThrows() {
        assertThatThrownBy(() -> Scope.root().child().call(() -> {
                    throw new IOException("gone");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
    }

    @Test
    void callMayReturnNull() {
        Scope scope = Scope.root().child();
        assertThat(scope.<Object, RuntimeException>call(() -> null)).isNull();
    }

    @Test
    void runningUnderTheCurrentScopeKeepsIt() {
        Scope scope = Scope.root().with(USER, "ada");
        List<Scope> seen = new ArrayList<>();
        scope.run(() -> scope.run(() -> seen.add(Scope.current())));
        assertThat(seen).containsExactly(scope);
    }

    @Test
    void anotherThreadStartsAtTheRoot() throws InterruptedException {
        AtomicReference<Scope> seen = new AtomicReference<>();
        Scope.root().with(USER, "ada").call(() -> {
            Thread thread = Thread.ofPlatform().start(() -> seen.set(Scope.current()));
            thread.join();
            return null;
        });
        assertThat(seen.get()).isSameAs(Scope.root());
    }

    @Test
    void aBindingIsSeenByTheNewScopeOnly() {
        Scope scope = Scope.root().with(USER, "ada");
        assertThat(scope.get(USER)).contains("ada");
        assertThat(Scope.root().get(USER)).isEmpty();
    }

    @Test
    void theInnerBindingHidesTheOuter() {
        Scope outer = Scope.root().with(USER, "ada").with(TENANT, "blue");
        Scope inner = outer.with(USER, "bob");
        assertThat(inner.get(USER)).contains("bob");
        assertThat(inner.get(TENANT)).contains("blue");
        assertThat(outer.get(USER)).contains("ada");
    }

    @Test
    void keysOfOneNameDiffer() {
        assertThat(Scope.root().with(USER, "ada").get(Key.<String>of("user"))).isEmpty();
    }

    @Test
    void childrenInheritBindings() {
        assertThat(Scope.root().with(USER, "ada").child().within(Duration.ofDays(1)).get(USER))
                .contains("ada");
    }

    @Test
    void aChildMayBindAKeyOfItsOwn() {
        Scope parent = Scope.root().with(USER, "ada").child();
        Scope child = parent.child(USER, "grace");

        child.cancel(new IllegalStateException("as planned"));

        assertThat(child.get(USER)).contains("grace");
        assertThat(parent.get(USER)).contains("ada");
        assertThat(parent.cancelled()).isFalse();
        assertThat(parent.child(USER, "mary").cancelled()).isFalse();
    }

    @Test
    void aValueThatWasBoundOverIsLetGo() {
        WeakReference<Object> first = new WeakReference<>(new Object());
        Key<Object> key = Key.of("state");
        Scope scope = Scope.root().with(key, strong(first)).with(USER, "ada").with(key, new Object());
        System.gc();
        assertThat(first.get()).isNull();
        assertThat(scope.get(USER)).contains("ada");
    }

    @Test
    void theHomeOfTheRootIsTheRootHome() {
        assertThat(Scope.root().home()).isSameAs(Home.root());
    }

    @Test
    void atChangesTheHomeAndNothingElse() {
        FakeHome home = new FakeHome();
        Scope scope = Scope.root().with(USER, "ada").child();
        Scope there = scope.at(home);
        scope.cancel(new IOException("gone"));
        assertThat(there.home()).isSameAs(home);
        assertThat(there.get(USER)).contains("ada");
        assertThat(there.cancelled()).isTrue();
    }

    @Test
    void atTheSameHomeIsTheSameScope() {
        Scope scope = Scope.root().child();
        assertThat(scope.at(scope.home())).isSameAs(scope);
    }

    @Test
    void nullsAreRefusedByName() {
        assertThatThrownBy(() -> Scope.root().with(null, "x")).hasMessage("key");
        assertThatThrownBy(() -> Scope.root().with(USER, null)).hasMessage("value");
        assertThatThrownBy(() -> Scope.root().get(null)).hasMessage("key");
        assertThatThrownBy(() -> Scope.root().at(null)).hasMessage("home");
        assertThatThrownBy(() -> Scope.root().within(null)).hasMessage("limit");
        assertThatThrownBy(() -> Scope.root().child().cancel(null)).hasMessage("reason");
        assertThatThrownBy(() -> Scope.root().onCancel(null)).hasMessage("action");
        assertThatThrownBy(() -> Key.of(null)).hasMessage("name");
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatThrownBy(() -> Scope.root().within(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must not be negative: PT-1S");
    }

    @Test
    void aScopeIsNamedAfterItsWork() {
        assertThat(Scope.root()).hasToString("root scope");
        assertThat(Scope.root().child()).hasToString("scope at root home");
        assertThat(Scope.root().with(Scope.WORK, () -> "GET /x")).hasToString("GET /x");
    }

    @Test
    void aNameThatThrowsDoesNotHarmTheReport() {
        assertThat(Scope.root().with(Scope.WORK, () -> {
                    throw new IllegalStateException("no name");
                }))
                .hasToString("work whose name throws java.lang.IllegalStateException");
    }

    @Test
    void aKeyShowsItsName() {
        assertThat(USER).hasToString("user");
    }

    private static <T> T strong(WeakReference<T> reference) {
        return requireNonNull(reference.get());
    }
}
