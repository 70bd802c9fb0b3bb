package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final ScopedValue<String> BOUND = ScopedValue.newInstance();

    @Test
    @Tag("K-2")
    void withoutAKernelTheErrorSaysHowToMakeOne() {
        assertThatThrownBy(Kernel::current)
                .isInstanceOf(NoKernelException.class)
                .hasMessageContaining("makeDefault()")
                .hasMessageContaining("during");
    }

    @Test
    @Tag("K-2.1")
    void whereThereIsNoKernelAnotherOneMayBeUsed() {
        try (Kernel mine = Kernel.start(1);
                Kernel current = Kernel.start(1)) {
            assertThat(Kernel.currentOr(mine)).isSameAs(mine);
            assertThatThrownBy(Kernel::current).isInstanceOf(NoKernelException.class);
            current.during(() -> assertThat(Kernel.currentOr(mine)).isSameAs(current));
        }
    }

    @Test
    @Tag("K-2.2")
    void whereThereIsNoKernelOneMayBeMadeWhichBecomesTheDefault() throws Exception {
        try (Kernel made = Kernel.currentOrStart(3)) {
            assertThat(made.workers()).isEqualTo(3);
            assertThat(Kernel.current()).isSameAs(made);
            assertThat(Kernel.currentOrStart(1)).isSameAs(made);
            Channel<Integer> channel = made.channel();
            channel.submit(() -> 3 * 3);
            assertThat(channel.receive()).isEqualTo(9);
        }
        assertThatThrownBy(Kernel::current).isInstanceOf(NoKernelException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kernel.currentOrStart(0))
                .withMessage("workers must be at least 1: 0");
    }

    @Test
    @Tag("K-2.2")
    void threadsThatMakeOneAtOnceGetTheSame() {
        List<Thread> others = threads("kernel");
        Set<Kernel> made = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(4);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                together.countDown();
                Waits.on(together);
                made.add(Kernel.currentOrStart(2));
            }));
        }
        threads.forEach(Waits::join);
        assertThat(made).containsExactly(Kernel.current());
        Kernel.current().close();
        Waits.until(() -> others.containsAll(threads("kernel"))); // those of the kernels that came second end too
    }

    @Test
    @Tag("K-3")
    void manyKernelsCanBeMadeAndEnded() {
        for (int i = 0; i < 60; i++) {
            try (Kernel kernel = Kernel.start(1 + i % 31, k -> k.withName("many"))) {
                assertThat(kernel.workers()).isEqualTo(1 + i % 31);
            }
        }
        assertThat(threads("many")).isEmpty();
    }

    @EveryTeam
    @Tag("K-15")
    void insideATaskTheCurrentKernelIsItsWorkers(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers);
                Kernel other = Kernel.start(1)) {
            Channel<Kernel> channel = kernel.channel();
            other.during(() -> channel.submit(Kernel::current));
            assertThat(channel.receive()).isSameAs(kernel);
            channel.submit(() -> inside(other));
            assertThat(channel.receive()).isSameAs(other);
        }
    }

    private static Kernel inside(Kernel kernel) {
        List<Kernel> seen = new ArrayList<>();
        kernel.during(() -> seen.add(Kernel.current()));
        return seen.getFirst();
    }

    @Test
    @Tag("K-17")
    void theDefaultKernelIsCurrentEverywhereUntilItEnds() {
        try (Kernel kernel = Kernel.start(3).makeDefault()) {
            assertThat(Kernel.current()).isSameAs(kernel);
            try (Kernel bound = Kernel.start(1)) {
                assertThat(inside(bound)).isSameAs(bound);
            }
            assertThat(Kernel.current()).isSameAs(kernel);
        }
        assertThatThrownBy(Kernel::current).isInstanceOf(NoKernelException.class);
    }

    @Test
    @Tag("K-17.1")
    void anEndedKernelCannotBeTheDefault() {
        Kernel kernel = Kernel.start(1);
        kernel.close();
        assertThatIllegalStateException().isThrownBy(kernel::makeDefault).withMessageContaining("ended");
    }

    @Test
    @Tag("K-32")
    void itPrintsWhatItIs() {
        Kernel kernel = Kernel.start(2, k -> k.withName("jobs"));
        assertThat(kernel).hasToString("kernel jobs of 2 workers");
        kernel.close();
        assertThat(kernel).hasToString("kernel jobs of 2 workers, ended");
    }

    @EveryTeam
    @Tag("K-45")
    void theIndexIsEmptyOutsideAndInRangeInside(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            assertThat(kernel.workerIndex()).isEmpty();
            Channel<Integer> channel = kernel.channel();
            channel.submit(() -> kernel.workerIndex().orElseThrow());
            assertThat(channel.receive()).isBetween(0, workers - 1);
            try (Kernel other = Kernel.start(1)) {
                channel.submit(() -> other.workerIndex().orElse(-1));
                assertThat(channel.receive()).isEqualTo(-1);
            }
        }
    }

    @EveryTeam
    @Tag("K-13")
    void theContextSurroundsWorkersOnly(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(
                workers, k -> k.withContext(life -> ScopedValue.where(BOUND, "inside").run(life)))) {
            Channel<String> channel = kernel.channel();
            channel.submit(BOUND::get);
            assertThat(channel.receive()).isEqualTo("inside");
            assertThat(BOUND.isBound()).isFalse();
        }
    }

    @EveryTeam
    @Tag("K-14")
    void aBindingIsMadeInEachWorkerAndSeenByTheContext(int workers) throws Exception {
        List<String> context = new ArrayList<>();
        try (Kernel kernel = Kernel.start(workers, k -> k
                .withBinding(BOUND, () -> Thread.currentThread().getName())
                .withName("bound")
                .withContext(life -> {
                    synchronized (context) {
                        context.add(BOUND.get());
                    }
                    life.run();
                }))) {
            assertThat(kernel.broadcast(BOUND::get)).isEqualTo(names("bound", workers));
            assertThat(context).containsExactlyInAnyOrderElementsOf(names("bound", workers));
            assertThat(kernel.config().surroundings().bindings()).hasSize(1);
        }
    }

    private static List<String> names(String name, int workers) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            names.add(name + "-" + i);
        }
        return names;
    }

    @EveryTeam
    @Tag("K-40")
    void aContextThatThrowsIsACreationErrorAndLeavesNoThread(int workers) {
        RuntimeException original = new IllegalArgumentException("no");
        KernelCreationException failed = catchThrowableOfType(
                KernelCreationException.class, () -> Kernel.start(workers, k -> k.withName("thrower").withContext(life -> {
                    throw original;
                })));
        assertThat(failed).hasCause(original).hasMessageContaining("thrower");
        assertThat(threads("thrower")).isEmpty();
    }

    @EveryTeam
    @Tag("K-41")
    void aContextThatDoesNotRunItsWorkerIsACreationErrorAndLeavesNoThread(int workers) {
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(() -> Kernel.start(workers, k -> k.withName("idler").withContext(life -> {
                    if (calls.incrementAndGet() < workers) {
                        life.run();
                    }
                })))
                .isInstanceOf(KernelCreationException.class)
                .hasMessageContaining("did not run");
        assertThat(threads("idler")).isEmpty();
    }

    @Test
    @Tag("K-42")
    void aBindingThatCannotBeMadeIsACreationError() {
        assertThatThrownBy(() -> Kernel.start(2, k -> k.withBinding(BOUND, () -> {
                    throw new IllegalStateException("no value");
                })))
                .isInstanceOf(KernelCreationException.class)
                .hasMessageContaining("no value");
    }

    @Test
    @Tag("K-42.1")
    void aContextThatFailsForEverySuccessorEndsTheKernelWithAnErrorAndNoSpin() throws Exception {
        Logged logged = new Logged("dev.thrum");
        AtomicInteger lives = new AtomicInteger();
        CountDownLatch stop = new CountDownLatch(1);
        Kernel kernel = Kernel.start(1, k -> k.withContext(life -> {
            if (lives.incrementAndGet() > 1) {
                throw new IllegalStateException("never again");
            }
            life.run();
        }));
        Channel<Integer> channel = kernel.channel();
        channel.in("victim").submit(() -> {
            Waits.on(stop);
            return 0;
        });
        Waits.until(() -> kernel.running().size() == 1);
        channel.submit(() -> 1);
        kernel.kill("victim");
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(channel::receive).hasCauseInstanceOf(KernelCreationException.class);
        assertThat(lives.get()).isEqualTo(6);
        assertThatThrownBy(() -> channel.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        kernel.close();
        stop.countDown();
        assertThat(logged.lines()).filteredOn(line -> line.contains("never again")).hasSizeGreaterThanOrEqualTo(6);
        logged.close();
    }

    @Test
    @Tag("K-40")
    void anErrorInAContextIsACreationErrorTooAndLeavesNoThread() {
        assertThatThrownBy(() -> Kernel.start(2, k -> k.withName("erring").withContext(life -> {
                    throw new LinkageError("as it should");
                })))
                .isInstanceOf(KernelCreationException.class)
                .hasCauseInstanceOf(LinkageError.class);
        assertThat(threads("erring")).isEmpty();
    }

    /// A task that tears its worker down: not even its end can be told without an error.
    private static final class Deadly extends Job {
        private final List<Object> outcomes = Collections.synchronizedList(new ArrayList<>());

        Deadly() {
            super(Terms.here("deadly", null));
        }

        @Override
        Object body() {
            return "nothing that runs";
        }

        @Override
        boolean run(@Nullable Object body, Team team) {
            throw new StackOverflowError("as it should");
        }

        @Override
        void settle(@Nullable Object outcome) {
            outcomes.add(requireNonNull(outcome));
            throw new OutOfMemoryError("as it should");
        }
    }

    @EveryTeam
    @Tag("K-21.2")
    void aWorkerThatDiesIsReplacedAndReportedAndItsTaskIsSettled(int workers) throws Exception {
        try (Logged logged = new Logged("dev.thrum");
                Kernel kernel = Kernel.start(workers, k -> k.withName("mortal")
                        .withBinding(BOUND, () -> Thread.currentThread().getName()))) {
            List<Deadly> tasks = Stream.generate(Deadly::new).limit(3L * workers).toList();
            tasks.forEach(((Team) kernel)::submit);
            Waits.until(() -> logged.lines().size() == tasks.size());
            Waits.until(() -> kernel.counters().strength() == workers);
            assertThat(kernel.broadcast(BOUND::get)).isEqualTo(names("mortal", workers));
            assertThat(kernel.broadcast(() -> kernel.workerIndex().orElseThrow()))
                    .isEqualTo(IntStream.range(0, workers).boxed().toList());
            assertThat(tasks).allSatisfy(task -> assertThat(task.outcomes)
                    .singleElement()
                    .isInstanceOfSatisfying(Job.Failure.class, failure -> assertThat(failure.reason())
                            .isInstanceOf(StackOverflowError.class)));
            assertThat(logged.lines()).allMatch(line -> line.contains("mortal-") && line.contains("died")
                    && line.contains("OutOfMemoryError"));
            assertThat(kernel.zombies()).isEmpty();
        }
    }

    @Test
    @Tag("K-42.3")
    void aSuccessorWhoseContextFailsOnceIsReportedAndFollowed() throws Exception {
        AtomicInteger lives = new AtomicInteger();
        try (Logged logged = new Logged("dev.thrum");
                Kernel kernel = Kernel.start(1, k -> k.withName("once").withContext(life -> {
                    if (lives.incrementAndGet() == 2) {
                        throw new LinkageError("as it should");
                    }
                    life.run();
                }))) {
            Channel<Integer> channel = kernel.channel();
            channel.in("victim").submit(() -> {
                new CountDownLatch(1).await();
                return 0;
            });
            Waits.until(() -> kernel.running().size() == 1);
            kernel.kill("victim");
            assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
            assertThat(kernel.broadcast(() -> kernel.workerIndex().orElseThrow())).containsExactly(0);
            assertThat(lives).hasValue(3);
            assertThat(logged.lines()).anyMatch(line -> line.contains("once-0 died") && line.contains("LinkageError"));
        }
    }

    /// A context that fails when its worker's life is over.
    private static void failing(Runnable life, AtomicInteger failures) {
        life.run();
        failures.incrementAndGet();
        throw new LinkageError("as it should");
    }

    @Test
    @Tag("K-42.2")
    void anErrorInTheContextOfAWorkerThatEndsLeavesTheKernelWhole() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch stop = new CountDownLatch(1);
        try (Logged logged = new Logged("dev.thrum");
                Kernel kernel = Kernel.start(2, k -> k.withContext(life -> failing(life, failures)))) {
            Channel<Integer> channel = kernel.channel();
            channel.in("victim").submit(() -> {
                stop.await();
                return 0;
            });
            Waits.until(() -> kernel.running().size() == 1);
            assertThat(kernel.kill("victim")).isEqualTo(1);
            assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
            Waits.until(() -> kernel.zombies().isEmpty() && failures.get() == 1);
            assertThat(kernel.counters().strength()).isEqualTo(2);
            assertThat(kernel.broadcast(() -> 1)).hasSize(2);
            Waits.until(() -> logged.lines().stream().anyMatch(line -> line.contains("LinkageError: as it should")));
        }
        assertThat(failures).hasValue(3);
    }

    @Test
    @Tag("K-58")
    void anInterruptOfWhoeverStartsItIsKept() throws Exception {
        Thread.currentThread().interrupt();
        try (Kernel kernel = Kernel.start(2)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(kernel.broadcast(() -> 1)).hasSize(2);
        }
    }

    @Test
    @Tag("K-39")
    void theConfigurationSaysHowItWasSetUp() {
        try (Kernel kernel = Kernel.start(1, k -> k.withName("named")
                .withSpins(7)
                .withDaemon(false)
                .withZombies(3)
                .withKillTimeout(Duration.ofSeconds(9))
                .withStall(Duration.ofMinutes(1)))) {
            assertThat(kernel.name()).isEqualTo("named");
            assertThat(kernel.config().spins()).isEqualTo(7);
            assertThat(kernel.config().daemon()).isFalse();
            assertThat(kernel.config().limits())
                    .isEqualTo(new KernelConfig.Limits(3, Optional.of(Duration.ofSeconds(9)), Duration.ofMinutes(1)));
        }
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Kernel.start(0)).withMessage("workers must be at least 1: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelConfig.defaults().withSpins(-1))
                .withMessage("spins must not be negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelConfig.defaults().withZombies(-1))
                .withMessage("zombies must not be negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelConfig.defaults().withName(" "))
                .withMessage("name must not be blank: ' '");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelConfig.defaults().withKillTimeout(Duration.ofSeconds(-1)))
                .withMessage("killTimeout must not be negative: PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelConfig.defaults().withStall(Duration.ZERO))
                .withMessage("stall must be positive: PT0S");
    }

    @Test
    @Tag("K-16")
    void runningTellsTheCategoriesOfBusyWorkers() throws Exception {
        try (Kernel kernel = Kernel.start(3)) {
            assertThat(kernel.running()).isEmpty();
            CountDownLatch stop = new CountDownLatch(1);
            Channel<Integer> channel = kernel.channel();
            for (Channel<Integer> each : List.of(channel, channel.in("named").at(Priority.LOW), channel.in(999))) {
                each.submit(() -> {
                    Waits.on(stop);
                    return 0;
                });
            }
            Waits.until(() -> kernel.running().size() == 3);
            assertThat(kernel.running())
                    .extracting(Running::category)
                    .containsExactlyInAnyOrder(Task.DEFAULT_CATEGORY, "named", 999);
            Running named = kernel.running().stream().filter(r -> r.category().equals("named")).findFirst().orElseThrow();
            assertThat(named.priority()).isEqualTo(Priority.LOW);
            assertThat(named.worker()).isBetween(0, 2);
            Waits.until(() -> named.stack().stream().anyMatch(frame -> frame.getClassName().equals(Waits.class.getName())));
            assertThat(named.site()).contains("KernelTest.runningTells");
            assertThat(named.toString()).startsWith("task of category named in worker ");
            assertThat(kernel.counters().busy()).isEqualTo(3);
            Waits.until(() -> named.age().isPositive() || kernel.running().getFirst().age().isPositive());
            stop.countDown();
            channel.receive(3, each -> {});
            Waits.until(() -> kernel.running().isEmpty());
            assertThat(named.stack()).isEmpty();
        }
    }

    static List<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread instanceof Worker && thread.getName().startsWith(name + "-"))
                .toList();
    }
}
