package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SubmitTest {
    private static final Key<String> USER = Key.of("user");

    private final Kernel kernel = Kernel.start(2);
    private final TestHome home = new TestHome();
    private volatile boolean stop;

    @AfterEach
    void close() {
        stop = true;
        kernel.close();
    }

    private int spin() {
        while (!stop) {
            Thread.onSpinWait();
        }
        return 0;
    }

    /// A home whose thread is the test's, in turns that the test makes.
    private static final class TestHome implements Home {
        private final Thread owner = Thread.currentThread();
        private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
        private final Queue<Runnable> alarms = new ConcurrentLinkedQueue<>(); // run by the test alone
        private final AtomicInteger holds = new AtomicInteger();
        private final CompletableFuture<Throwable> reported = new CompletableFuture<>();
        private volatile boolean broken;

        void turn() throws InterruptedException {
            Runnable action = posted.poll(20, TimeUnit.SECONDS);
            assertThat(action).isNotNull();
            Scope.root().at(this).run(action);
        }

        @Override
        public boolean isHere() {
            return Thread.currentThread() == owner;
        }

        @Override
        public boolean post(Runnable action) {
            if (broken) {
                throw new IllegalStateException("no way home");
            }
            return posted.add(action);
        }

        @Override
        public Registration hold() {
            holds.incrementAndGet();
            return holds::decrementAndGet;
        }

        @Override
        public Registration schedule(Duration delay, Runnable action) {
            alarms.add(action);
            return () -> alarms.remove(action);
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void report(Throwable problem, Scope scope) {
            reported.complete(problem);
        }
    }

    @Test
    @Tag("K-47.1")
    void aPromiseComesHomeAndHoldsItsHomeUntilThen() throws Exception {
        AtomicReference<Thread> where = new AtomicReference<>();
        Scope.current().at(home).run(() -> kernel.submit(() -> 42).tap(n -> where.set(Thread.currentThread())));
        assertThat(home.holds).hasPositiveValue();
        while (where.get() == null) {
            home.turn();
        }
        assertThat(where).hasValue(Thread.currentThread());
        Waits.until(() -> home.holds.get() == 0 || !home.posted.isEmpty());
    }

    @Test
    @Tag("K-47.2")
    void insideThePromiseTheReasonIsTheOriginal() {
        IOException original = new IOException("gone");
        Promise<Object> promise = kernel.submit(() -> {
            throw original;
        });
        assertThatThrownBy(promise::await).isInstanceOf(RejectedPromiseException.class).hasCause(original);
        assertThat(promise.state()).isEqualTo(new Promise.Rejected<>(original));
    }

    @Test
    @Tag("K-47.3")
    void theTaskRunsUnderTheScopeOfItsSenderWithoutItsHome() throws Exception {
        Promise<String> promise = Scope.current()
                .at(home)
                .with(USER, "ann")
                .call(() -> kernel.submit(() -> Scope.current().get(USER).orElseThrow() + (Home.current() == Home.root())));
        assertThat(promise.toCompletableFuture()).isNotNull();
        Waits.until(() -> !(promise.state() instanceof Promise.Pending));
        assertThat(promise.state()).isEqualTo(new Promise.Fulfilled<>("anntrue"));
    }

    @Test
    @Tag("K-47.4")
    void cancellingThePromiseKillsTheTask() throws Exception {
        Promise<Integer> promise = kernel.submit(this::spin);
        Waits.until(() -> kernel.running().size() == 1);
        assertThat(promise.cancel()).isTrue();
        Waits.until(() -> kernel.counters().killed() == 1 && kernel.counters().strength() == 2);
        assertThat(kernel.submit(() -> 1).await()).isEqualTo(1);
    }

    @Test
    void aHomeThatThrowsKeepsNobodyElseFromHearingOfAKill() throws Exception {
        Channel<Integer> channel = kernel.channel();
        home.broken = true;
        for (int round = 0; round < 4; round++) { // so that once that of the broken home is killed first
            Scope.current().at(home).run(() -> kernel.in("victim").submit(this::spin));
            channel.in("victim").submit(this::spin);
            Waits.until(() -> kernel.running().size() == 2);
            assertThat(kernel.kill("victim")).isEqualTo(2);
            assertThatThrownBy(() -> channel.receive(Duration.ofSeconds(20))).isInstanceOf(TaskKilledException.class);
            assertThat(kernel.counters().strength()).isEqualTo(2);
        }
    }

    @Test
    void aHomeThatThrowsKeepsNobodyElseFromHearingThatItsTaskWasDropped() throws Exception {
        Channel<Integer> channel = kernel.channel();
        home.broken = true;
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            kernel.execute(() -> Waits.on(go));
        }
        Waits.until(() -> kernel.running().size() == 2);
        Scope.current().at(home).run(() -> kernel.in("victim").submit(() -> 1));
        channel.in("victim").submit(() -> 2);
        assertThat(kernel.kill("victim", Kernel.Kill.INCLUDE_QUEUED)).isEqualTo(2);
        assertThatThrownBy(() -> channel.receive(Duration.ofSeconds(20))).isInstanceOf(TaskKilledException.class);
        go.countDown();
    }

    @Test
    void aHomeThatThrowsKeepsNobodyElseFromHearingOfTheEnd() throws Exception {
        home.broken = true;
        CountDownLatch go = new CountDownLatch(1);
        kernel.execute(() -> Waits.on(go));
        Scope.current().at(home).run(kernel::end);
        Promise<List<Zombie>> end = kernel.end();
        go.countDown();
        assertThat(end.await()).isEmpty();
    }

    @Test
    @Tag("K-47.5")
    void cancellingThePromiseDropsATaskThatWaits() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            kernel.execute(() -> Waits.on(go));
        }
        AtomicInteger ran = new AtomicInteger();
        Promise<Integer> promise = kernel.submit(ran::incrementAndGet);
        promise.cancel();
        go.countDown();
        assertThat(kernel.broadcast(ran::get)).containsOnly(0);
    }

    @Test
    @Tag("K-48.1")
    void aTaskWhoseScopeIsCancelledBeforeItStartsDoesNotRun() throws Exception {
        IOException gone = new IOException("the client went away");
        AtomicInteger ran = new AtomicInteger();
        Scope request = Scope.current().child();
        request.cancel(gone);
        Promise<Integer> promise = request.call(() -> kernel.submit(ran::incrementAndGet));
        Channel<Integer> channel = kernel.channel();
        request.run(() -> channel.submit(ran::incrementAndGet));
        assertThatThrownBy(promise::await).hasCause(gone);
        assertThatThrownBy(channel::receive).hasCause(gone);
        assertThat(kernel.broadcast(ran::get)).containsOnly(0);
    }

    @Test
    @Tag("K-48.2")
    void aTaskWhoseScopeIsCancelledWhileItWaitsIsSettledAtOnce() throws Exception {
        IOException gone = new IOException("the client went away");
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            kernel.execute(() -> Waits.on(go));
        }
        Scope request = Scope.current().child();
        Channel<Integer> channel = kernel.channel();
        request.run(() -> channel.submit(() -> 1));
        assertThat(channel.tryReceive()).isEmpty();
        request.cancel(gone);
        assertThatThrownBy(channel::tryReceive).hasCause(gone);
        go.countDown();
    }

    @Test
    @Tag("K-48.3")
    void aTaskWhoseScopeIsCancelledWhileItRunsIsKilled() throws Exception {
        IOException gone = new IOException("the client went away");
        Scope request = Scope.current().child();
        Promise<Integer> promise = request.call(() -> kernel.submit(this::spin));
        Waits.until(() -> kernel.running().size() == 1);
        request.cancel(gone);
        assertThatThrownBy(promise::await).hasCause(gone);
        Waits.until(() -> kernel.zombies().size() == 1);
        assertThat(kernel.counters().strength()).isEqualTo(2);
    }

    @Test
    @Tag("K-48.4")
    void aDeadlineOfTheScopeKillsTheTask() {
        Scope request = Scope.current().at(home).within(Duration.ofHours(1)).at(Home.root());
        Promise<Integer> promise = request.call(() -> kernel.submit(this::spin));
        Waits.until(() -> kernel.running().size() == 1);
        home.alarms.remove().run(); // its time has come
        assertThatThrownBy(promise::await).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        Waits.until(() -> kernel.zombies().size() == 1);
    }

    @Test
    @Tag("K-48.5")
    void aFinishedTaskLeavesNothingBehindInItsScope() throws Exception {
        Scope request = Scope.current().child();
        AtomicInteger killed = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            assertThat(request.call(() -> kernel.submit(() -> 1)).await()).isEqualTo(1);
        }
        request.cancel(new IOException("later"));
        assertThat(kernel.counters().killed()).isEqualTo(killed.get());
    }

    @Test
    @Tag("K-48.6")
    void aWorkerThatACancelledScopeFreesBeginsNoOtherTaskOfIt() throws Exception {
        try (Kernel one = Kernel.start(1)) {
            IOException gone = new IOException("the client went away");
            AtomicInteger ran = new AtomicInteger();
            Scope request = Scope.current().child();
            Promise<Integer> running = request.call(() -> one.submit(this::spin));
            Waits.until(() -> one.running().size() == 1);
            request.onCancel(reason -> Waits.until(() -> one.counters().queued() == 0)); // between the two
            Promise<Integer> waiting = request.call(() -> one.submit(ran::incrementAndGet));
            request.cancel(gone);
            assertThatThrownBy(running::await).hasCause(gone);
            assertThatThrownBy(waiting::await).hasCause(gone);
            assertThat(one.broadcast(ran::get)).containsExactly(0);
        }
    }

    @Test
    @Tag("K-47.6")
    void whatAnExecutedTaskThrowsIsReportedAtTheHomeOfItsSender() throws Exception {
        IllegalStateException original = new IllegalStateException("oops");
        Scope.current().at(home).run(() -> kernel.execute(() -> {
            throw original;
        }));
        assertThat(home.reported.get(20, TimeUnit.SECONDS)).isSameAs(original);
    }

    @Test
    @Tag("K-47.7")
    void aLoopMustNotWaitForAChannel() {
        Channel<Integer> channel = kernel.channel();
        Scope atHome = Scope.current().at(home);
        assertThatThrownBy(() -> atHome.call(channel::receive)).isInstanceOf(WrongThreadException.class);
        assertThatThrownBy(() -> atHome.call(() -> channel.receive(Duration.ofSeconds(1))))
                .isInstanceOf(WrongThreadException.class);
        assertThat(atHome.call(channel::tryReceive)).isEmpty();
    }
}
