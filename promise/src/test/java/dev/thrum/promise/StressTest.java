package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Everything at once, from several threads, at a home with a thread of its own and without one.
@Timeout(120)
class StressTest {
    private static final int ROUNDS = 600;

    private final Loop loop = new Loop();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    /// A home on a thread of its own.
    private static final class Loop implements Home {
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final AtomicInteger holds = new AtomicInteger();
        private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
        private final ExecutorService executor = Executors.newSingleThreadExecutor(body -> {
            Thread made = new Thread(body);
            thread.set(made);
            return made;
        });

        private void settle() throws Exception {
            for (int i = 0; i < 4; i++) { // what is posted may post more
                executor.submit(() -> {}).get(60, TimeUnit.SECONDS);
            }
        }

        @Override
        public boolean isHere() {
            return Thread.currentThread() == thread.get();
        }

        @Override
        public boolean post(Runnable action) {
            executor.execute(() -> Scope.root().at(this).run(action));
            return true;
        }

        @Override
        public Registration hold() {
            AtomicBoolean held = new AtomicBoolean(true);
            holds.incrementAndGet();
            return () -> {
                if (held.compareAndSet(true, false)) {
                    holds.decrementAndGet();
                }
            };
        }

        @Override
        public Registration schedule(Duration delay, Runnable action) {
            return Home.root().schedule(delay, () -> post(action));
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void report(Throwable problem, Scope scope) {
            if (!(problem instanceof TimeoutException)) { // which may come before anybody is there to handle it
                problems.add(problem);
            }
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        loop.executor.shutdownNow();
    }

    @Test
    void atALoop() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            race(loop, round);
            loop.settle();
            assertThat(loop.holds).hasValue(0);
        }
        assertThat(loop.problems).isEmpty();
    }

    @Test
    void withoutALoop() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            race(Home.root(), round);
        }
    }

    private void race(Home home, int round) throws Exception {
        Resolver<Integer> work = Scope.root().at(home).call(Resolver::<Integer>holding);
        Resolver<Integer> inner = Scope.root().at(home).call(Resolver::<Integer>create);
        List<Promise<Integer>> derived = new ArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        Promise<Integer> kept = work.promise().then(n -> inner.promise()).tap(n -> count(home, runs));
        Promise<Integer> dropped = work.promise().map(n -> n).then(n -> inner.promise());
        Promise<Integer> limited =
                work.promise().within(Duration.ofNanos(round)).recover(TimeoutException.class, problem -> 1);
        List<Future<?>> racers = List.of(
                threads.submit(() -> work.resolve(1)),
                threads.submit(() -> inner.follow(Promise.of(2))),
                threads.submit(() -> {
                    dropped.cancel();
                    derived.add(work.promise().then(n -> inner.promise()).tap(n -> count(home, runs)));
                    work.promise().unref();
                }),
                threads.submit(() -> kept.await()));
        for (Future<?> racer : racers) {
            racer.get(60, TimeUnit.SECONDS);
        }
        CompletableFuture<Integer> late = derived.getFirst().toCompletableFuture();

        assertThat(late.get(60, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(kept.state()).isEqualTo(new Fulfilled<>(2));
        assertThat(limited.await()).isEqualTo(1);
        if (home == loop) {
            loop.settle();
        }
        assertThat(runs).hasValue(2);
        assertThat(dropped.state()).isNotInstanceOf(Pending.class);
    }

    private static void count(Home home, AtomicInteger runs) {
        assertThat(home.isHere()).isTrue();
        runs.incrementAndGet();
    }
}
