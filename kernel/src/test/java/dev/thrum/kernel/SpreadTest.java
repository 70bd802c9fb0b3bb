package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private static final class Part extends Piece {
        private final Consumer<? super Hands> body;
        private @Nullable Thread ran;

        Part(Consumer<? super Hands> body) {
            this.body = body;
        }

        @Override
        protected void run(Hands hands) {
            ran = Thread.currentThread();
            body.accept(hands);
        }
    }

    private static void split(Hands hands, int depth, AtomicInteger leaves) {
        if (depth == 0) {
            leaves.incrementAndGet();
            return;
        }
        Part other = new Part(h -> split(h, depth - 1, leaves));
        hands.offer(other);
        split(hands, depth - 1, leaves);
        hands.join(other);
    }

    private static void endless(Hands hands, CountDownLatch begun) {
        begun.countDown();
        for (; ; ) {
            hands.checkpoint();
        }
    }

    @EveryTeam
    @Tag("K-70")
    void everyPieceRunsOnceInTheKernelOrInItsCaller(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            AtomicInteger leaves = new AtomicInteger();
            kernel.spread(new Part(hands -> split(hands, 12, leaves)));
            kernel.submit(() -> {
                        kernel.spread(new Part(hands -> split(hands, 12, leaves)));
                        return 0;
                    })
                    .await();
            assertThat(leaves).hasValue(2 << 12);
        }
    }

    @Test
    @Tag("K-71")
    void aSleepingWorkerIsWokenForAPiece() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            Part part = new Part(hands -> begun.countDown());
            kernel.spread(new Part(hands -> {
                hands.offer(part);
                Waits.on(begun);
                hands.join(part);
            }));
            assertThat(part.ran).isInstanceOf(Worker.class);
        }
    }

    @Test
    @Tag("K-72")
    void whoWaitsRunsOnlyWhatItWaitsFor() throws Exception {
        // The worker holds a lock while it waits for a piece that another one runs. A piece that needs the lock lies
        // ready all the time: run by the waiting thread, it would find the lock its own and break in.
        try (Kernel kernel = Kernel.start(1)) {
            ReentrantLock lock = new ReentrantLock();
            CountDownLatch laid = new CountDownLatch(1);
            CountDownLatch waits = new CountDownLatch(1);
            AtomicReference<@Nullable Boolean> brokenIn = new AtomicReference<>();
            Promise<Integer> holder = kernel.submit(() -> {
                Waits.on(laid);
                lock.lock();
                try {
                    Part part = new Part(hands -> {});
                    kernel.spread(new Part(hands -> {
                        hands.offer(part);
                        waits.countDown();
                        hands.join(part);
                    }));
                } finally {
                    lock.unlock();
                }
                return 1;
            });
            kernel.spread(new Part(hands -> {
                Part stranger = new Part(h -> brokenIn.set(lock.isHeldByCurrentThread()));
                hands.offer(stranger);
                laid.countDown();
                Waits.on(waits);
                hands.join(stranger);
            }));
            assertThat(holder.await()).isEqualTo(1);
            assertThat(brokenIn).hasValue(false);
        }
    }

    @Test
    @Tag("K-73")
    void aFailureIsThrownAtTheJoinAndByTheWhole() {
        try (Kernel kernel = Kernel.start(2)) {
            Part failing = new Part(hands -> {
                throw new IllegalStateException("broken");
            });
            assertThatIllegalStateException()
                    .isThrownBy(() -> kernel.spread(new Part(hands -> {
                        hands.offer(failing);
                        hands.join(failing);
                    })))
                    .withMessage("broken");
        }
    }

    @Test
    @Tag("K-74")
    void aStopEndsEveryPieceAtItsNextCheckpointBeforeTheCallReturns() {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            assertThatThrownBy(() -> kernel.spread(new Part(hands -> {
                        hands.offer(new Part(h -> endless(h, begun)));
                        Waits.on(begun);
                        hands.stop(new IllegalArgumentException("enough"));
                        hands.checkpoint();
                    })))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(kernel.running()).isEmpty();
            assertThat(kernel.counters().killed()).isZero();
        }
    }

    @Test
    @Tag("K-75")
    void aKillOfTheCategoryReachesAPieceThatAWorkerHasTaken() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            CountDownLatch begun = new CountDownLatch(2);
            Promise<Integer> promise = kernel.in("victim").submit(() -> {
                kernel.spread(new Part(hands -> {
                    Part part = new Part(h -> endless(h, begun));
                    hands.offer(part);
                    endless(hands, begun);
                }));
                return 0;
            });
            Waits.on(begun);
            assertThat(kernel.running()).extracting(Running::category).containsExactly("victim", "victim");
            assertThat(kernel.kill("victim")).isEqualTo(2);
            assertThatThrownBy(promise::await).hasCauseInstanceOf(TaskKilledException.class);
            Waits.until(() -> kernel.zombies().isEmpty());
            assertThat(kernel.counters().strength()).isEqualTo(2);
            assertThat(kernel.submit(() -> 1).await()).isEqualTo(1);
        }
    }

    @Test
    @Tag("K-75")
    void theKillOfThePieceAloneEndsTheComputation() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            Scope victim = Scope.current().with(Task.CATEGORY, "victim");
            Thread killer = Thread.ofPlatform().start(() -> {
                Waits.on(begun);
                kernel.kill("victim");
            });
            assertThatThrownBy(() -> victim.run(() -> kernel.spread(new Part(hands -> {
                        Part part = new Part(h -> endless(h, begun));
                        hands.offer(part);
                        Waits.on(begun);
                        hands.join(part);
                    }))))
                    .isInstanceOf(TaskKilledException.class);
            Waits.join(killer);
            Waits.until(() -> kernel.zombies().isEmpty());
            assertThat(kernel.submit(() -> 1).await()).isEqualTo(1);
        }
    }

    @Test
    @Tag("K-76")
    void theCancellationOfTheScopeEndsAPieceThatNeverLooks() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            Scope scope = Scope.current().child();
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            assertThatThrownBy(() -> scope.run(() -> kernel.spread(new Part(hands -> {
                        Part part = new Part(h -> {
                            begun.countDown();
                            Waits.on(release);
                        });
                        hands.offer(part);
                        Waits.on(begun);
                        scope.cancel(new IOException("the client went away"));
                        hands.join(part);
                    }))))
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(IOException.class);
            assertThat(kernel.submit(() -> 1).await()).isEqualTo(1);
            release.countDown();
        }
    }

    @Test
    @Tag("K-76")
    void aDeadlineEndsAComputationOfOneThread() {
        try (Kernel kernel = Kernel.start(1)) {
            Scope scope = Scope.current().within(Duration.ofMillis(20));
            assertThatThrownBy(() -> scope.run(
                            () -> kernel.spread(new Part(hands -> endless(hands, new CountDownLatch(1))))))
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        }
    }

    @Test
    @Tag("K-77")
    void handsAreThoseOfOneThread() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            kernel.spread(new Part(hands -> {
                AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
                Thread other = Thread.ofPlatform().start(() -> {
                    try {
                        hands.offer(new Part(h -> {}));
                    } catch (WrongThreadException expected) {
                        thrown.set(expected);
                    }
                });
                Waits.join(other);
                assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
            }));
        }
    }

    @Test
    @Tag("K-77")
    void aPieceIsOfferedOnce() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            kernel.spread(new Part(hands -> {
                Part part = new Part(h -> {});
                hands.offer(part);
                assertThatIllegalStateException().isThrownBy(() -> hands.offer(part));
                hands.join(part);
            }));
        }
    }

    private static final class Shared extends Piece {
        private final Part part;
        private final AtomicInteger splits = new AtomicInteger();

        Shared(Part part) {
            this.part = part;
        }

        @Override
        protected void run(Hands hands) {
            hands.share(this);
            Waits.until(() -> splits.get() > 0);
            hands.join(part);
        }

        @Override
        protected @Nullable Piece split() {
            return splits.getAndIncrement() == 0 ? part : null;
        }
    }

    @Test
    @Tag("K-79")
    void aSharedPieceIsSplitByWhoHasNothingToDo() {
        try (Kernel kernel = Kernel.start(1)) {
            Part part = new Part(hands -> {});
            kernel.spread(new Shared(part));
            assertThat(part.ran).isInstanceOf(Worker.class);
        }
    }

    @Test
    @Tag("K-79")
    void aPartThatSomebodyHasSplitOffRunsOnceHoweverEarlyItIsJoined() {
        try (Kernel kernel = Kernel.start(1)) {
            Thread owner = Thread.currentThread();
            AtomicInteger runs = new AtomicInteger();
            Part part = new Part(hands -> {
                runs.incrementAndGet();
                Waits.until(() -> owner.getState() == Thread.State.TIMED_WAITING || runs.get() > 1);
            });
            kernel.spread(new Shared(part));
            assertThat(runs).hasValue(1);
        }
    }

    /// Gives away its parts one by one, and needs them all.
    private static final class Whole extends Piece {
        private final List<Part> parts;
        private final AtomicInteger given = new AtomicInteger();

        Whole(Part... parts) {
            this.parts = List.of(parts);
        }

        @Override
        protected void run(Hands hands) {
            hands.share(this);
            Waits.until(() -> given.get() > 0);
            parts.forEach(part -> hands.join(part, this));
        }

        @Override
        protected @Nullable Piece split() {
            int index = given.getAndIncrement();
            return index < parts.size() ? parts.get(index) : null;
        }
    }

    @Test
    @Tag("K-79")
    void whoNeedsAllPartsHelpsWithAnyWhileItWaitsForOne() {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch second = new CountDownLatch(1);
            Part waits = new Part(hands -> Waits.on(second));
            Part isWaitedFor = new Part(hands -> second.countDown());
            kernel.spread(new Whole(waits, isWaitedFor));
            assertThat(waits.ran).isInstanceOf(Worker.class);
            assertThat(isWaitedFor.ran).isSameAs(Thread.currentThread());
        }
    }

    @Test
    @Tag("K-78")
    void afterTheEndThereIsNobodyToSpreadWorkOver() {
        Kernel kernel = Kernel.start(1);
        kernel.close();
        assertThatThrownBy(() -> kernel.spread(new Part(hands -> {}))).isInstanceOf(RejectedExecutionException.class);
    }
}
