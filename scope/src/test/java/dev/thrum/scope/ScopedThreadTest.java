package dev.thrum.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ScopedThreadTest {
    private static final Key<String> USER = Key.of("user");

    private final Scope ada = Scope.root().with(USER, "ada");
    private final Scope bob = Scope.root().with(USER, "bob").child();

    private static List<Scope> onOne(ScopedValue.CallableOp<List<Scope>, Exception> body) throws Exception {
        FutureTask<List<Scope>> task = new FutureTask<>(body::call);
        Thread thread = new ScopedThread(task, "scoped", true);
        thread.start();
        assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
        return task.get();
    }

    @Test
    void startsAtTheRoot() throws Exception {
        assertThat(ada.call(() -> onOne(() -> List.of(Scope.current())))).containsExactly(Scope.root());
    }

    @Test
    void runsBodiesUnderTheirScopeAndHasTheFormerOneBack() throws Exception {
        List<Scope> seen = new ArrayList<>();
        onOne(() -> {
            ada.run(() -> {
                bob.run(() -> seen.add(Scope.current()));
                seen.add(Scope.current());
            });
            seen.add(Scope.current());
            return seen;
        });
        assertThat(seen).containsExactly(bob, ada, Scope.root());
    }

    @Test
    void givesBackWhatTheBodyReturns() throws Exception {
        assertThat(onOne(() -> ada.call(() -> bob.call(() -> List.of(Scope.current()))))).containsExactly(bob);
    }

    @Test
    void hasTheFormerScopeBackAfterAFailure() throws Exception {
        List<Scope> seen = new ArrayList<>();
        onOne(() -> {
            assertThatThrownBy(() -> ada.call(() -> {
                        throw new IOException("no");
                    }))
                    .hasMessage("no");
            seen.add(Scope.current());
            assertThatThrownBy(() -> ada.run(() -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            seen.add(Scope.current());
            return seen;
        });
        assertThat(seen).containsExactly(Scope.root(), Scope.root());
    }

    @Test
    void hasTheFormerScopeBackWhenItsStackHasOverflowed() throws Exception {
        List<Scope> seen = new ArrayList<>();
        onOne(() -> {
            assertThatThrownBy(ScopedThreadTest::deeperAndDeeper).isInstanceOf(StackOverflowError.class);
            seen.add(Scope.current());
            return seen;
        });
        assertThat(seen).containsExactly(Scope.root());
    }

    private static void deeperAndDeeper() {
        Scope.current().child().run(ScopedThreadTest::deeperAndDeeper);
    }

    @Test
    void keepsItsScopeFromThreadsThatItStarts() throws Exception {
        List<Scope> seen = new ArrayList<>();
        onOne(() -> ada.call(() -> {
            Thread.startVirtualThread(() -> seen.add(Scope.current())).join();
            Thread.ofPlatform().start(() -> seen.add(Scope.current())).join();
            seen.addAll(onOne(() -> List.of(Scope.current())));
            return seen;
        }));
        assertThat(seen).containsExactly(Scope.root(), Scope.root(), Scope.root());
    }

    @Test
    void aHomeHearsOfScopesThere() throws Exception {
        FakeHome home = new FakeHome();
        Scope outer = ada.at(home);
        Scope inner = bob.at(home);
        onOne(() -> outer.call(() -> inner.call(() -> List.of(Scope.current()))));
        assertThat(home.entered).containsExactly(outer, inner, outer, Scope.root());
    }
}
