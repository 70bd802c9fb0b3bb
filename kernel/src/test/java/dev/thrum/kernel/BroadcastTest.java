package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BroadcastTest {
    private volatile boolean stop;

    @EveryTeam
    @Tag("K-43")
    void itRunsOnceInEveryWorkerAtTheSameTime(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            CyclicBarrier together = new CyclicBarrier(workers);
            for (int round = 0; round < 20; round++) {
                assertThat(kernel.broadcast(() -> {
                            together.await();
                            return kernel.workerIndex().orElseThrow();
                        }))
                        .isEqualTo(IntStream.range(0, workers).boxed().toList());
            }
        }
    }

    @EveryTeam
    @Tag("K-43.1")
    void itWaitsForAllTasksOfBothPrioritiesSubmittedBefore(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            AtomicInteger done = new AtomicInteger();
            Channel<Integer> channel = kernel.channel();
            for (int round = 1; round <= 20; round++) {
                for (int i = 0; i < 100; i++) {
                    channel.submit(done::incrementAndGet);
                    channel.at(Priority.LOW).submit(done::incrementAndGet);
                }
                assertThat(kernel.broadcast(done::get)).containsOnly(200 * round);
            }
        }
    }

    @EveryTeam
    @Tag("K-43.2")
    void laterTasksWaitUntilItHasEnded(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            Channel<Integer> channel = kernel.channel();
            AtomicInteger later = new AtomicInteger();
            CountDownLatch begun = new CountDownLatch(workers);
            CountDownLatch go = new CountDownLatch(1);
            Thread submitter = Thread.ofPlatform().start(() -> {
                Waits.on(begun);
                for (int i = 0; i < 100; i++) {
                    channel.submit(later::incrementAndGet);
                }
                go.countDown();
            });
            assertThat(kernel.broadcast(() -> {
                        begun.countDown();
                        Waits.on(go);
                        return later.get();
                    }))
                    .containsOnly(0);
            channel.receive(100, each -> {});
            Waits.join(submitter);
            assertThat(later).hasValue(100);
        }
    }

    @EveryTeam
    @Tag("K-44")
    void anErrorInAWorkerIsTransferred(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            assertThatThrownBy(() -> kernel.broadcast(() -> {
                        throw new IllegalStateException("in " + kernel.workerIndex().orElseThrow());
                    }))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("worker 0")
                    .hasRootCauseMessage("in 0")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(workers - 1));
            assertThat(kernel.broadcast(() -> 1)).hasSize(workers);
        }
    }

    @EveryTeam
    @Tag("K-44.1")
    void fromInsideAWorkerItIsAnError(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            Channel<Object> channel = kernel.channel();
            channel.submit(() -> kernel.broadcast(() -> 1));
            assertThatThrownBy(channel::receive)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("inside a worker");
        }
    }

    @EveryTeam
    @Tag("K-44.2")
    void aKillInsideReleasesTheBarrierAndThatIndexFails(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            Thread killer = Thread.ofPlatform().start(() -> {
                Waits.until(() -> kernel.running().stream()
                        .anyMatch(r -> r.worker() == 0 && r.category().equals("all"))); // the others end by themselves
                Waits.until(() -> kernel.kill("all") > 0);
            });
            assertThatThrownBy(() -> dev.thrum.scope.Scope.current()
                            .with(Task.CATEGORY, "all")
                            .call(() -> kernel.broadcast(() -> {
                                if (kernel.workerIndex().orElseThrow() == 0) {
                                    while (!stop) {
                                        Thread.onSpinWait();
                                    }
                                }
                                return 1;
                            })))
                    .isInstanceOf(TaskKilledException.class)
                    .hasMessageContaining("worker ");
            Waits.join(killer);
            stop = true;
            assertThat(kernel.broadcast(() -> 1)).hasSize(workers);
        }
    }

    @Test
    @Tag("K-44.3")
    void anIndexWithoutAWorkerFailsAndTheOthersRun() throws Exception {
        Kernel kernel = Kernel.start(2, k -> k.withZombies(0));
        Channel<Integer> channel = kernel.channel();
        channel.in("loop").submit(() -> {
            while (!stop) {
                Thread.onSpinWait();
            }
            return 0;
        });
        Waits.until(() -> kernel.running().size() == 1);
        kernel.kill("loop");
        AtomicInteger ran = new AtomicInteger();
        assertThatThrownBy(() -> kernel.broadcast(ran::incrementAndGet))
                .isInstanceOf(TaskKilledException.class)
                .hasMessageContaining("cap of zombies");
        assertThat(ran).hasValue(1);
        stop = true;
        Waits.until(() -> kernel.counters().strength() == 2);
        assertThat(kernel.broadcast(() -> 1)).hasSize(2);
        kernel.close();
    }

    @Test
    @Tag("K-44.4")
    void aWorkerThatIsKilledBeforeItComesIsReplacedByOneThatDoes() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            kernel.in("loop").execute(() -> {
                while (!stop) {
                    Thread.onSpinWait();
                }
            });
            Waits.until(() -> kernel.running().size() == 1);
            FutureTask<List<Integer>> broadcast = new FutureTask<>(() -> kernel.broadcast(() -> 1));
            Thread sender = Thread.ofPlatform().start(broadcast);
            Waits.until(() -> sender.getState() == Thread.State.WAITING); // for the one that does not come
            kernel.kill("loop");
            assertThat(broadcast.get()).containsExactly(1, 1);
        }
    }

    @EveryTeam
    @Tag("K-43.3")
    void severalBroadcastsAndFloodsOfTasksGoTogether(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            Thread[] senders = new Thread[3];
            AtomicInteger tasks = new AtomicInteger();
            for (int t = 0; t < senders.length; t++) {
                senders[t] = Thread.ofPlatform().start(() -> {
                    Channel<Integer> channel = kernel.channel();
                    for (int i = 0; i < 20; i++) {
                        for (int j = 0; j < 50; j++) {
                            channel.submit(tasks::incrementAndGet);
                        }
                        try {
                            assertThat(kernel.broadcast(() -> 1)).hasSize(workers);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
            }
            for (Thread sender : senders) {
                Waits.join(sender);
            }
            assertThat(tasks).hasValue(3000);
        }
    }
}
