package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a kernel says when nothing moves.
class DiagnosisTest {
    private static final Duration SOON = Duration.ofMillis(100);

    private static Channel<Integer> full(Kernel kernel) {
        Channel<Integer> full = kernel.channel(1);
        IntStream.range(0, 5).forEach(i -> full.in("reports").submit(() -> i));
        return full;
    }

    @EveryTeam
    @Tag("K-6.3")
    void aFullChannelTellsWhoWaitsForRoomAndThatNobodyReceives(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers, k -> k.withName("stalled"))) {
            Channel<Integer> full = full(kernel);
            Waits.until(() -> kernel.counters().served() == 1);
            assertThat(kernel.whyWaiting())
                    .singleElement(STRING)
                    .startsWith("4 tasks wait for room in channel to stalled, capacity 1, held back 4, made at ")
                    .contains("DiagnosisTest.full", "from which nobody is receiving")
                    .contains("the first is of category reports, submitted at ");
            full.receive(5, each -> {});
            assertThat(kernel.whyWaiting()).isEmpty();
        }
    }

    @Test
    @Tag("K-6.4")
    void aFullChannelThatNobodyReceivesFromIsWarnedOf() throws Exception {
        try (Logged logged = new Logged("dev.thrum.kernel");
                Kernel kernel = Kernel.start(2, k -> k.withName("stalled").withStall(SOON))) {
            Channel<Integer> full = kernel.channel(1);
            full.submit(() -> 1);
            full.submit(() -> 2); // one is held back, from the first look on
            Waits.until(() -> !logged.lines().isEmpty());
            assertThat(logged.lines().getFirst())
                    .startsWith("nothing has moved for 100 ms: 1 task waits for room in channel to stalled");
            full.receive(2, each -> {});
        }
    }

    @Test
    @Tag("K-6.4")
    void theWarningComesOnceUntilSomethingMoves() {
        try (Kernel kernel = Kernel.start(1)) {
            Window window = new Window((Team) kernel, 1);
            assertThat(window.isStuck(1_000, 10)).isFalse();
            assertThat(window.isStuck(1_009, 10)).isFalse();
            assertThat(window.isStuck(1_010, 10)).isTrue();
            assertThat(window.isStuck(1_020, 10)).isFalse();
            window.received();
            assertThat(window.isStuck(1_030, 10)).isFalse();
            assertThat(window.isStuck(1_040, 10)).isTrue();
        }
    }

    @EveryTeam
    @Tag("K-60")
    void workersThatAreAllBusyWhileTasksWaitAreToldAndWarnedOf(int workers) {
        try (Logged logged = new Logged("dev.thrum.kernel");
                Kernel kernel = Kernel.start(workers, k -> k.withName("stuck").withStall(SOON))) {
            CountDownLatch go = new CountDownLatch(1);
            for (int i = 0; i < workers; i++) {
                kernel.in("slow").execute(() -> Waits.on(go));
            }
            Waits.until(() -> kernel.running().size() == workers);
            assertThat(kernel.whyWaiting()).isEmpty();
            kernel.execute(() -> {});
            String told = "1 task waits for a worker of stuck, and all of them are busy: task of category slow in worker 0";
            assertThat(kernel.whyWaiting()).singleElement(STRING).startsWith(told);
            Waits.until(() -> !logged.lines().isEmpty());
            assertThat(logged.lines()).singleElement(STRING).startsWith("no task has ended for 100 ms: " + told);
            go.countDown();
        }
    }

    @Test
    @Tag("K-60.2")
    void tasksOfLowPriorityAreWarnedOfOnlyWhenNoWorkerRuns() {
        Duration hour = Duration.ofHours(1);
        try (Logged logged = new Logged("dev.thrum.kernel");
                Kernel kernel = Kernel.start(1, k -> k.withName("lazy").withStall(hour))) {
            Diagnosis diagnosis = new Diagnosis((Team) kernel);
            CountDownLatch begun = new CountDownLatch(1);
            AtomicBoolean enough = new AtomicBoolean();
            CountDownLatch go = new CountDownLatch(1);
            kernel.at(Priority.LOW).execute(() -> {
                begun.countDown();
                while (!enough.get()) {
                    Thread.onSpinWait();
                }
                Waits.on(go);
            });
            kernel.at(Priority.LOW).execute(() -> {});
            Waits.on(begun);
            diagnosis.look(hour.toNanos());
            assertThat(logged.lines()).isEmpty();
            assertThat(kernel.whyWaiting()).singleElement(STRING).startsWith("1 task waits for a worker of lazy");
            enough.set(true);
            Waits.until(() -> {
                diagnosis.look(hour.toNanos());
                return !logged.lines().isEmpty();
            });
            assertThat(logged.lines())
                    .singleElement(STRING)
                    .startsWith("no task has ended for 1 h: 1 task waits for a worker of lazy, and all of them are busy: ");
            go.countDown();
        }
    }

    @Test
    @Tag("K-60.2")
    void aTaskOfDefaultPriorityIsWarnedOfThoughTheWorkersRun() {
        Duration hour = Duration.ofHours(1);
        try (Logged logged = new Logged("dev.thrum.kernel");
                Kernel kernel = Kernel.start(1, k -> k.withStall(hour))) {
            AtomicBoolean enough = new AtomicBoolean();
            kernel.at(Priority.LOW).execute(() -> {
                while (!enough.get()) {
                    Thread.onSpinWait();
                }
            });
            Waits.until(() -> kernel.running().size() == 1);
            kernel.execute(() -> {});
            new Diagnosis((Team) kernel).look(hour.toNanos());
            assertThat(logged.lines()).hasSize(1);
            enough.set(true);
        }
    }

    @Test
    @Tag("K-60.3")
    void howLongSomethingTookIsToldForPeople() {
        assertThat(Stream.of("PT0S", "PT0.85S", "PT1S", "PT11.2S", "PT59.99S", "PT3M", "PT3M20S", "PT2H5M59S", "P4DT1H")
                        .map(Duration::parse)
                        .map(Ages::text))
                .containsExactly(
                        "0 ms", "850 ms", "1 s", "11.2 s", "59.9 s", "3 min", "3 min 20 s", "2 h 5 min", "4 d 1 h");
    }

    @Test
    @Tag("K-60.1")
    void aTaskThatWaitsForAnotherOneOfItsKernelIsToldOf() {
        try (Kernel kernel = Kernel.start(1, k -> k.withName("selfish"))) {
            Channel<Integer> channel = kernel.channel();
            Channel<Integer> inner = kernel.channel();
            channel.in("outer").submit(() -> {
                inner.submit(() -> 1);
                return inner.receive();
            });
            Waits.until(() -> kernel.whyWaiting().size() == 2);
            assertThat(kernel.whyWaiting().getFirst())
                    .startsWith("selfish-0, with a task of category outer, waits for a result of channel to selfish");
            assertThat(kernel.whyWaiting().getLast()).startsWith("1 task waits for a worker of selfish");
            kernel.kill("outer");
            assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        }
    }

    @Test
    @Tag("K-25.12")
    void aKillAtTheCapOfZombiesSaysThatStrengthIsReduced() {
        CountDownLatch stop = new CountDownLatch(1);
        try (Logged logged = new Logged("dev.thrum.kernel");
                Kernel kernel = Kernel.start(2, k -> k.withName("capped").withZombies(0))) {
            kernel.in("victim").execute(() -> {
                while (stop.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            Waits.until(() -> kernel.running().size() == 1);
            int worker = kernel.running().getFirst().worker();
            kernel.kill("victim");
            assertThat(logged.lines())
                    .containsExactly("kernel capped of 2 workers goes on without capped-" + worker
                            + ": 1 threads of killed tasks have not ended");
            assertThat(kernel.whyWaiting())
                    .singleElement(STRING)
                    .startsWith("capped goes without the workers [" + worker + "]: threads of killed tasks have not ended: "
                            + "[worker " + worker + ", category victim, killed ");
            stop.countDown();
            Waits.until(() -> kernel.counters().strength() == 2);
            assertThat(kernel.whyWaiting()).isEmpty();
        }
    }
}
