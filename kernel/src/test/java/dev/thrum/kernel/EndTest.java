package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.thrum.promise.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EndTest {
    private volatile boolean stop;

    @AfterEach
    void stopLoops() {
        stop = true;
    }

    private int spin() {
        while (!stop) {
            Thread.onSpinWait();
        }
        return 0;
    }

    /// Calls nothing, so that it is its thread's innermost frame whenever somebody looks.
    private int busy(CountDownLatch begun) {
        begun.countDown();
        int rounds = 0;
        while (!stop) {
            rounds++;
        }
        return rounds;
    }

    @EveryTeam
    @Tag("K-5")
    void closeWaitsForATaskThatLoopsUntilItIsKilled(int workers) {
        Kernel kernel = Kernel.start(workers);
        Channel<Integer> channel = kernel.channel();
        channel.in("loop").submit(this::spin);
        Waits.until(() -> kernel.running().size() == 1);
        Thread closer = Thread.ofPlatform().start(kernel::close);
        Waits.until(() -> catchThrowable(() -> kernel.execute(() -> {})) instanceof RejectedExecutionException);
        assertThat(closer.isAlive()).isTrue();
        assertThat(kernel.kill("loop")).isEqualTo(1);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        Waits.join(closer);
    }

    @Test
    @Tag("K-33.9")
    void timesWithoutAnEndAreTaken() {
        Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
        try (Kernel kernel = Kernel.start(1, k -> k.withKillTimeout(ever).withStall(ever))) {
            assertThat(kernel.submit(() -> 1).toCompletableFuture().join()).isEqualTo(1);
        }
    }

    @EveryTeam
    @Tag("K-33")
    void closeRunsWhatWasSubmittedOfBothPrioritiesAndLeavesNoThread(int workers) throws Exception {
        Kernel kernel = Kernel.start(workers, k -> k.withName("closed"));
        Channel<Integer> channel = kernel.channel();
        Channel<Integer> low = channel.at(Priority.LOW);
        for (int i = 0; i < 500; i++) {
            channel.submit(() -> 1);
            low.submit(() -> 1);
        }
        kernel.close();
        assertThat(KernelTest.threads("closed")).isEmpty();
        int sum = 0;
        for (int i = 0; i < 1000; i++) {
            sum += channel.tryReceive().orElseThrow().value();
        }
        assertThat(sum).isEqualTo(1000);
        assertThat(kernel.counters().served()).isEqualTo(1000);
    }

    @Test
    @Tag("K-37")
    void submitAfterTheEndIsAnErrorThatSaysSo() {
        Kernel kernel = Kernel.start(1, k -> k.withName("gone"));
        Channel<Integer> channel = kernel.channel();
        Channel<Integer> bounded = kernel.channel(1);
        kernel.close();
        String message = "the kernel has ended and takes no more tasks: kernel gone of 1 worker, ended";
        assertThatThrownBy(() -> channel.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class).hasMessage(message);
        assertThatThrownBy(() -> bounded.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class).hasMessage(message);
        assertThatThrownBy(() -> kernel.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class).hasMessage(message);
        assertThatThrownBy(() -> kernel.execute(() -> {})).isInstanceOf(RejectedExecutionException.class).hasMessage(message);
        assertThatThrownBy(() -> kernel.broadcast(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @Tag("K-38")
    void endingTwiceIsFine() throws Exception {
        Kernel kernel = Kernel.start(2);
        Promise<List<Zombie>> first = kernel.end();
        Promise<List<Zombie>> second = kernel.end();
        kernel.close();
        kernel.close();
        first.await();
        second.await();
        kernel.end().await();
    }

    @EveryTeam
    @Tag("K-33.1")
    void endReturnsAtOnceAndItsPromiseIsFulfilledWhenTheWorkersAreGone(int workers) throws Exception {
        Kernel kernel = Kernel.start(workers, k -> k.withName("ended"));
        CountDownLatch go = new CountDownLatch(1);
        Channel<Integer> channel = kernel.channel();
        channel.submit(() -> {
            Waits.on(go);
            return 1;
        });
        Promise<List<Zombie>> end = kernel.end();
        assertThat(end.state()).isInstanceOf(Promise.Pending.class);
        go.countDown();
        end.await();
        assertThat(KernelTest.threads("ended")).isEmpty();
        assertThat(channel.receive()).isEqualTo(1);
    }

    @Test
    void aWorkerMayEndItsKernelButNotWaitForIt() throws Exception {
        Kernel kernel = Kernel.start(1);
        Channel<Integer> channel = kernel.channel();
        channel.submit(() -> {
            kernel.close();
            return 1;
        });
        assertThatThrownBy(channel::receive).hasCauseInstanceOf(IllegalStateException.class);
        channel.submit(() -> {
            kernel.end();
            return 2;
        });
        assertThat(channel.receive()).isEqualTo(2);
        kernel.close();
    }

    @Test
    @Tag("K-33.2")
    void afterTheKillTimeoutWhatRunsIsKilledAndWhatWaitsIsDropped() {
        Kernel kernel = Kernel.start(1, k -> k.withKillTimeout(Duration.ofMillis(20)));
        Channel<Integer> channel = kernel.channel();
        channel.submit(this::spin);
        channel.submit(this::spin);
        kernel.close();
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
    }

    @Test
    @Tag("K-33.3")
    void anInterruptOfCloseKillsEverythingAndStaysSet() {
        Kernel kernel = Kernel.start(1);
        Channel<Integer> channel = kernel.channel();
        channel.submit(this::spin);
        Waits.until(() -> kernel.running().size() == 1);
        Thread.currentThread().interrupt();
        kernel.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
    }

    @Test
    @Tag("K-33.4")
    void withoutAWorkerLeftTheEndDropsWhatWaits() {
        Kernel kernel = Kernel.start(1, k -> k.withZombies(0));
        Channel<Integer> channel = kernel.channel();
        channel.in("loop").submit(this::spin);
        Waits.until(() -> kernel.running().size() == 1);
        channel.submit(() -> 1);
        kernel.kill("loop");
        kernel.close();
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class).hasMessageContaining("without a worker");
        assertThat(kernel.counters().queued()).isZero();
    }

    /// As if the system had no thread left: the JDK asks this thread whenever it makes one.
    private static final class NoThreads extends InheritableThreadLocal<String> implements AutoCloseable {
        NoThreads() {
            set("on");
        }

        @Override
        protected String childValue(String parentValue) {
            throw new OutOfMemoryError("unable to create native thread");
        }

        @Override
        public void close() {
            remove();
        }
    }

    @EveryTeam
    @Tag("K-33.10")
    void withoutAThreadForTheEndCloseSaysSoAndMayBeCalledAgain(int workers) throws Exception {
        Kernel kernel = Kernel.start(workers, k -> k.withName("threadless"));
        Channel<Integer> channel = kernel.channel();
        channel.submit(() -> 1);
        try (NoThreads _ = new NoThreads()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(kernel::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("no thread can be had that waits for the end of kernel threadless")
                        .hasCauseInstanceOf(OutOfMemoryError.class);
            }
            assertThatThrownBy(kernel::end).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> channel.submit(() -> 2)).isInstanceOf(RejectedExecutionException.class);
        kernel.close();
        assertThat(channel.receive()).isEqualTo(1);
        assertThat(KernelTest.threads("threadless")).isEmpty();
    }

    @Test
    @Tag("K-33.10")
    void withoutAThreadThatKeepsTheJvmNoKernelIsStarted() {
        try (NoThreads _ = new NoThreads()) {
            assertThatThrownBy(() -> Kernel.start(2, k -> k.withName("unkept").withDaemon(false)))
                    .isInstanceOf(KernelCreationException.class)
                    .hasRootCauseInstanceOf(OutOfMemoryError.class);
        }
        Waits.until(() -> KernelTest.threads("unkept").isEmpty());
    }

    @Test
    @Tag("K-33.5")
    void workersAreDaemonsAndAThreadOfTheirKernelKeepsTheJvmWhereThatIsAskedFor() {
        try (Kernel daemon = Kernel.start(1, k -> k.withName("daemon"));
                Kernel staying = Kernel.start(1, k -> k.withName("staying").withDaemon(false))) {
            assertThat(KernelTest.threads(daemon.name())).allMatch(Thread::isDaemon);
            assertThat(KernelTest.threads(staying.name())).allMatch(Thread::isDaemon);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("staying-end"))
                    .singleElement()
                    .matches(thread -> !thread.isDaemon());
        }
        Waits.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("staying-")));
    }

    @EveryTeam
    @Tag("K-33.6")
    void theEndTellsWhichZombiesRunOnAndLogsThem(int workers) throws Exception {
        try (Logged logged = new Logged("dev.thrum.kernel")) {
            Kernel kernel = Kernel.start(workers, k -> k.withName("haunted"));
            Channel<Integer> channel = kernel.channel();
            CountDownLatch begun = new CountDownLatch(1);
            channel.in("loop").submit(() -> busy(begun));
            Waits.on(begun);
            kernel.kill("loop");
            Waits.until(() -> kernel.zombies().getFirst().stack().getFirst().getMethodName().equals("busy"));
            assertThat(kernel.end().await()).extracting(Zombie::category).containsExactly("loop");
            assertThat(kernel.end().await()).hasSize(1);
            assertThat(logged.lines())
                    .singleElement(STRING)
                    .startsWith("kernel haunted of " + workers)
                    .contains("but threads of killed tasks run on", "category loop", "EndTest.busy");
            assertThat(KernelTest.threads("haunted")).singleElement().matches(Thread::isDaemon);
            stop = true;
            Waits.until(() -> kernel.zombies().isEmpty());
            assertThat(kernel.end().await()).isEmpty();
        }
    }
}
