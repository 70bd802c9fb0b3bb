package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Task;
import dev.thrum.kernel.TaskHandler;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EventualTest {

    private static long fib(Parallel parallel, int n) {
        if (n < 2) {
            return n;
        }
        Eventual<Long> left = parallel.future(() -> fib(parallel, n - 1));
        long right = fib(parallel, n - 2);
        return left.force() + right;
    }

    @EveryTeam
    @Tag("A-102")
    void futuresThatForceFuturesFinish(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(fib(parallel, 13)).isEqualTo(233));
    }

    @EveryTeam
    @Tag("A-101")
    void aHundredFuturesOneInsideTheOther(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Eventual<Integer> last = Eventual.of(0);
            for (int i = 0; i < 100; i++) {
                Eventual<Integer> inner = last;
                last = parallel.future(() -> inner.force() + 1);
            }
            assertThat(last.force()).isEqualTo(100);
        });
    }

    @Test
    @Tag("A-97")
    void forceRunsAnUnstartedFutureInTheWaitingThreadAndOnlyOnce() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch busy = new CountDownLatch(1);
            parallel.kernel().execute(() -> Kernels.on(busy));
            AtomicInteger calls = new AtomicInteger();
            Eventual<Thread> future = parallel.future(() -> {
                calls.incrementAndGet();
                return Thread.currentThread();
            });
            assertThat(future.isDone()).isFalse();
            assertThat(future.force()).isSameAs(Thread.currentThread());
            busy.countDown();
            assertThat(future.force()).isSameAs(Thread.currentThread());
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    @Tag("A-90")
    void aWorkerComputesAFutureByItself() throws Exception {
        Kernels.with(1, parallel -> {
            Eventual<Integer> future = parallel.future(() -> 3 + 4);
            Kernels.until(future::isDone);
            assertThat(future.force()).isEqualTo(7);
            assertThat(future.fulfill(() -> 8)).isFalse();
            assertThat(future.force()).isEqualTo(7);
        });
    }

    @EveryTeam
    @Tag("A-97.1")
    void aFailureIsToldAtEachForceAndRepairedOnce(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            AtomicInteger calls = new AtomicInteger();
            for (Eventual<Integer> each : List.<Eventual<Integer>>of(
                    parallel.future(() -> fail(calls)),
                    parallel.speculate(() -> fail(calls)),
                    Eventual.delay(() -> fail(calls)))) {
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(each::force)
                            .isInstanceOf(RejectedPromiseException.class)
                            .hasCauseInstanceOf(IOException.class);
                }
                assertThat(each.isDone()).isTrue();
                assertThat(each.repair(3)).isTrue();
                assertThat(each.repair(4)).isFalse();
                assertThat(each.force()).isEqualTo(3);
            }
            assertThat(calls).hasValue(3);
        });
    }

    private static int fail(AtomicInteger calls) throws IOException {
        calls.incrementAndGet();
        throw new IOException("broken");
    }

    @Test
    @Tag("A-106")
    void ofManyWhoRepairOneWins() throws Exception {
        Eventual<Integer> failed = Eventual.delay(() -> fail(new AtomicInteger()));
        assertThatThrownBy(failed::force).hasCauseInstanceOf(IOException.class);
        AtomicInteger winners = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int value = i;
            threads.add(Thread.ofPlatform().start(() -> {
                if (failed.repair(value)) {
                    winners.incrementAndGet();
                }
            }));
        }
        for (Thread each : threads) {
            each.join(20_000);
        }
        assertThat(winners).hasValue(1);
        assertThat(failed.force()).isEqualTo(failed.force());
    }

    @Test
    @Tag("A-91")
    void anOpenOneIsFulfilledOnce() throws Exception {
        Eventual<Integer> open = Eventual.open();
        assertThat(open.isDone()).isFalse();
        assertThatThrownBy(() -> open.fulfill(() -> fail(new AtomicInteger()))).isInstanceOf(IOException.class);
        assertThat(open.isDone()).isFalse();
        assertThat(open.fulfill(() -> 1)).isTrue();
        AtomicInteger calls = new AtomicInteger();
        assertThat(open.fulfill(calls::incrementAndGet)).isFalse();
        assertThat(calls).hasValue(0);
        assertThat(open.force()).isEqualTo(1);
        assertThat(Eventual.of(5).fulfill(calls::incrementAndGet)).isFalse();
    }

    @Test
    @Tag("A-108")
    void fulfillingAFutureThatHasNotBegunCancelsItsBody() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch busy = new CountDownLatch(1);
            parallel.kernel().execute(() -> Kernels.on(busy));
            AtomicInteger calls = new AtomicInteger();
            Eventual<Integer> future = parallel.future(calls::incrementAndGet);
            assertThat(future.fulfill(() -> 9)).isTrue();
            busy.countDown();
            assertThat(parallel.kernel().submit(() -> 1).await()).isEqualTo(1);
            assertThat(future.force()).isEqualTo(9);
            assertThat(calls).hasValue(0);
        });
    }

    @Test
    @Tag("A-96")
    void manyFuturesMayWaitForOneThatIsFulfilledFromOutside() throws Exception {
        Kernels.with(2, parallel -> {
            Eventual<Integer> open = Eventual.open();
            List<Eventual<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                futures.add(parallel.future(open::force));
            }
            assertThat(futures).noneMatch(Eventual::isDone);
            open.fulfill(() -> 4);
            for (Eventual<Integer> each : futures) {
                assertThat(each.force()).isEqualTo(4);
            }
        });
    }

    @Test
    @Tag("A-95")
    void aSpeculationRunsAfterAFutureMadeLater() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch busy = new CountDownLatch(1);
            parallel.kernel().execute(() -> Kernels.on(busy));
            List<String> order = new ArrayList<>();
            Eventual<Boolean> speculation = parallel.speculate(() -> order.add("speculation"));
            Eventual<Boolean> future = parallel.future(() -> order.add("future"));
            busy.countDown();
            Kernels.until(() -> speculation.isDone() && future.isDone());
            assertThat(order).containsExactly("future", "speculation");
        });
    }

    @Test
    @Tag("A-95.1")
    void aSpeculationThatNobodyRefersToIsNotComputed() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch busy = new CountDownLatch(1);
            parallel.kernel().execute(() -> Kernels.on(busy));
            AtomicInteger calls = new AtomicInteger();
            speculate(parallel, calls);
            System.gc();
            busy.countDown();
            Kernels.until(() -> parallel.kernel().counters().queuedLow() == 0
                    && parallel.kernel().running().isEmpty());
            assertThat(calls).hasValue(0);
        });
    }

    private static void speculate(Parallel parallel, AtomicInteger calls) {
        assertThat(parallel.speculate(calls::incrementAndGet).isDone()).isFalse();
    }

    @Test
    @Tag("A-93")
    void aChainIsForcedThrough() throws Exception {
        Kernels.with(2, parallel -> {
            Eventual<Integer> chain = Eventual.chain(
                    parallel.future(() -> Eventual.chain(Eventual.delay(() -> parallel.speculate(() -> 42)))));
            assertThat(chain.force()).isEqualTo(42);
            assertThat(chain.force()).isEqualTo(42);
        });
    }

    @Test
    @Tag("A-94")
    void aDelayIsComputedByTheFirstForceInThatThread() {
        AtomicInteger calls = new AtomicInteger();
        Eventual<Thread> delay = Eventual.delay(() -> {
            calls.incrementAndGet();
            return Thread.currentThread();
        });
        assertThat(delay.isDone()).isFalse();
        assertThat(delay.force()).isSameAs(Thread.currentThread());
        assertThat(delay.force()).isSameAs(Thread.currentThread());
        assertThat(calls).hasValue(1);
    }

    @Test
    @Tag("A-94.1")
    void oneThatForcesItselfSaysSo() {
        AtomicReference<@Nullable Eventual<Integer>> self = new AtomicReference<>();
        Eventual<Integer> delay = Eventual.delay(() -> self.get().force());
        self.set(delay);
        assertThatThrownBy(delay::force)
                .hasCauseInstanceOf(IllegalStateException.class)
                .cause()
                .hasMessage("a value is forced by its own body");
    }

    @Test
    @Tag("A-107")
    void oneWhoseTaskIsKilledTellsSo() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            Eventual<Integer> future = Scope.current()
                    .with(Task.CATEGORY, "victim")
                    .call(() -> parallel.future(() -> {
                        begun.countDown();
                        for (; ; ) {
                            Task.checkpoint();
                        }
                    }));
            Kernels.on(begun);
            parallel.kernel().kill("victim");
            assertThatThrownBy(future::force).hasCauseInstanceOf(TaskKilledException.class);
        });
    }

    @Test
    @Tag("A-107.1")
    void soDoesOneThatAKilledTaskWasForcing() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            Eventual<Integer> delay = Eventual.delay(() -> {
                begun.countDown();
                for (; ; ) {
                    Task.checkpoint();
                }
            });
            parallel.kernel().in("victim").submit(delay::force);
            Kernels.on(begun);
            parallel.kernel().kill("victim");
            assertThatThrownBy(delay::force).hasCauseInstanceOf(TaskKilledException.class);
        });
    }

    @Test
    @Tag("A-104")
    void aTaskHandlerPutsAValueInThePlaceOfAFailure() throws Exception {
        Kernels.with(1, parallel -> {
            Eventual<Integer> future = TaskHandler.on(IOException.class, e -> new TaskHandler.Use(7))
                    .call(() -> parallel.future(() -> fail(new AtomicInteger())));
            Kernels.until(future::isDone);
            assertThat(future.force()).isEqualTo(7);
        });
    }

    @Test
    @Tag("A-109")
    void oneThatIsCancelledIsDropped() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch busy = new CountDownLatch(1);
            parallel.kernel().execute(() -> Kernels.on(busy));
            AtomicInteger calls = new AtomicInteger();
            Eventual<Integer> future = parallel.future(calls::incrementAndGet);
            assertThat(future.cancel()).isTrue();
            assertThat(future.cancel()).isFalse();
            busy.countDown();
            assertThatThrownBy(future::force).hasCauseInstanceOf(CancellationException.class);
            assertThat(calls).hasValue(0);
        });
    }

    @Test
    void aPromiseOfItIsSettledWithIt() throws Exception {
        Kernels.with(1, parallel -> assertThat(
                        parallel.future(() -> 3).promise().map(n -> n + 1).await())
                .isEqualTo(4));
    }

    @Test
    @Tag("A-91.7")
    void whoWaitedForAFulfilmentThatFailsComputesTheValue() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Eventual<Integer> delay = Eventual.delay(() -> 1);
            Thread fulfilling = Thread.ofPlatform().start(() -> failToFulfill(delay, begun, go));
            Kernels.on(begun);
            AtomicReference<@Nullable Integer> forced = new AtomicReference<>();
            Thread forcing = Thread.ofPlatform().start(() -> forced.set(delay.force()));
            Kernels.until(() -> isWaiting(forcing));
            go.countDown();
            forcing.join(20_000);
            fulfilling.join(20_000);
            assertThat(forced).hasValue(1);
        });
    }

    @Test
    @Tag("A-91.8")
    void aFutureWhoseTaskPassedByAFulfilmentThatFailsIsComputedAllTheSame() throws Exception {
        Kernels.with(1, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            parallel.future(() -> {
                Kernels.on(free);
                return 0;
            });
            Eventual<Integer> future = parallel.future(() -> 1);
            Thread fulfilling = Thread.ofPlatform().start(() -> failToFulfill(future, begun, go));
            Kernels.on(begun);
            free.countDown();
            assertThat(parallel.kernel().submit(() -> 2).await()).isEqualTo(2); // behind the future's task
            assertThat(future.isDone()).isFalse();
            go.countDown();
            assertThat(future.promise().await()).isEqualTo(1);
            fulfilling.join(20_000);
        });
    }

    @Test
    @Tag("A-97.2")
    void forceRunsNoStrangerThatMightWantALockHeldHere() throws Exception {
        // A stranger stands in the queue while the only worker waits, with a lock, for what another thread computes. Run by
        // the waiting thread, it would find the lock its own and break in; with another kind of lock, wait for itself.
        Kernels.with(1, parallel -> {
            ReentrantLock lock = new ReentrantLock();
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch laid = new CountDownLatch(1);
            AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
            Eventual<Integer> delay = Eventual.delay(() -> {
                begun.countDown();
                Kernels.until(() -> isWaiting(worker.get()));
                return 1;
            });
            Thread computing = Thread.ofPlatform().start(delay::force);
            Kernels.on(begun);
            Promise<Integer> holder = parallel.kernel().submit(() -> {
                Kernels.on(laid);
                lock.lock();
                try {
                    worker.set(Thread.currentThread());
                    return delay.force();
                } finally {
                    lock.unlock();
                }
            });
            Promise<Boolean> stranger = parallel.kernel().submit(lock::isHeldByCurrentThread);
            laid.countDown();
            assertThat(holder.await()).isEqualTo(1);
            assertThat(stranger.await()).isFalse();
            computing.join(20_000);
        });
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        return thread != null
                && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    private static void failToFulfill(Eventual<Integer> value, CountDownLatch begun, CountDownLatch go) {
        assertThatThrownBy(() -> value.fulfill(() -> {
                    begun.countDown();
                    Kernels.on(go);
                    throw new IOException("broken");
                }))
                .isInstanceOf(IOException.class);
    }
}
