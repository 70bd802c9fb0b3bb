package dev.thrum.verify.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// JMH, by rounds: each round gives every peer a fresh JVM and some short iterations, and the next round goes round them
/// again. JMH alone would measure one peer after the other, minutes apart.
final class MicroBench {

    static final Map<String, String> OPTIONS =
            Map.of("rounds", "3", "iterations", "10", "millis", "200", "warmup", "15", "questions", "all", "busy", "0");

    // JMH still needs sun.misc.Unsafe; Netty does not use it on this JDK, and is told not to start again.
    // The heap is touched before: on a virtual machine the first touch of a page costs more than many a task.
    private static final String[] FLAGS = {
        "-XX:+AlwaysPreTouch",
        "-Xms1g",
        "-Xmx1g",
        "-XX:+UseG1GC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dio.netty.noUnsafe=true"
    };
    private static final String BYTES = "gc.alloc.rate.norm";

    /// What one benchmark has come to.
    /// @param times for one operation, in the unit of its subject, an entry for each iteration
    /// @param processor nanoseconds of the processors for one operation, likewise
    /// @param foreign processors that somebody else used, likewise
    /// @param bytes allocated for one operation, likewise
    private record Cell(List<Double> times, List<Double> processor, List<Double> foreign, List<Double> bytes) {

        Cell() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void add(IterationResult iteration) {
            times.add(iteration.getPrimaryResult().getScore());
            add(iteration.getSecondaryResults().get(ProcessorTime.MINE), processor);
            add(iteration.getSecondaryResults().get(ProcessorTime.FOREIGN), foreign);
            add(iteration.getSecondaryResults().get(BYTES), bytes);
        }

        private static void add(@Nullable Result<?> result, List<Double> to) {
            if (result != null) {
                to.add(result.getScore());
            }
        }
    }

    private final List<MicroSubject> subjects;
    private final int rounds;
    private final int iterations;
    private final int millis;
    private final int warmup;
    private final List<String> questions;
    private final int busy;
    private final PrintStream out;

    MicroBench(List<MicroSubject> subjects, Options options, PrintStream out) {
        this.subjects = List.copyOf(subjects);
        this.rounds = options.number("rounds", 1);
        this.iterations = options.number("iterations", 1);
        this.millis = options.number("millis", 1);
        this.warmup = options.number("warmup", 0);
        this.questions = options.list("questions");
        this.busy = options.number("busy", 0);
        this.out = out;
    }

    void run() throws RunnerException {
        try (Burners _ = new Burners(busy)) {
            for (MicroSubject subject : subjects) {
                run(subject);
            }
        }
    }

    private void run(MicroSubject subject) throws RunnerException {
        for (String question : subject.questions()) {
            if (isAsked(question)) {
                run(subject, question);
            }
        }
    }

    private void run(MicroSubject subject, String question) throws RunnerException {
        Map<MicroBenchmark, Cell> cells = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (MicroBenchmark benchmark : subject.benchmarks()) {
                if (benchmark.question().equals(question)) {
                    System.err.println("round " + round + " of " + rounds + ": " + benchmark.label());
                    measure(benchmark, cells.computeIfAbsent(benchmark, _ -> new Cell()));
                }
            }
        }
        print(subject, question, cells);
    }

    private boolean isAsked(String question) {
        return questions.contains(question) || questions.contains("all");
    }

    private void measure(MicroBenchmark benchmark, Cell cell) throws RunnerException {
        var options = new OptionsBuilder()
                .include(benchmark.pattern())
                .forks(1)
                .jvmArgs(FLAGS)
                .warmupIterations(warmup)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorTime.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        new Runner(options).runSingle().getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .forEach(cell::add);
    }

    private void print(MicroSubject subject, String question, Map<MicroBenchmark, Cell> cells) {
        TimeUnit unit = subject.unit();
        String name = unit == TimeUnit.NANOSECONDS ? "ns" : "µs";
        var table = new MarkdownTable(
                "peer",
                "best " + name,
                "median " + name,
                "max " + name,
                "ratio best",
                "ratio median",
                "processor " + name,
                "foreign",
                "B");
        Samples base = Samples.of(baseline(subject, cells).times(), Double::doubleValue);
        cells.forEach((benchmark, cell) -> {
            Samples times = Samples.of(cell.times(), Double::doubleValue);
            table.row(
                    benchmark.peer(),
                    Samples.text(times.min(), 1),
                    times.medianText(1),
                    Samples.text(times.max(), 1),
                    Samples.text(times.min() / base.min(), 2),
                    times.ratioText(base),
                    Samples.of(cell.processor(), nanos -> nanos / unit.toNanos(1)).medianText(1),
                    new Samples(cell.foreign()).medianText(2),
                    cell.bytes().isEmpty() ? "-" : new Samples(cell.bytes()).medianText(0));
        });
        out.printf(
                "%s.%s: for one operation; rounds: %d, of %d iterations of %d ms; busy: %d; ratios to %s%n%n%s%n",
                subject.type().getSimpleName(), question, rounds, iterations, millis, busy, subject.baseline(), table);
    }

    private static Cell baseline(MicroSubject subject, Map<MicroBenchmark, Cell> cells) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getKey().peer().equals(subject.baseline()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    /// Threads that use a processor each, as a program beside the one that is measured would.
    private static final class Burners implements AutoCloseable {
        private volatile boolean over;

        Burners(int count) {
            for (int i = 0; i < count; i++) {
                Thread.ofPlatform().daemon().start(this::burn);
            }
        }

        private void burn() {
            while (!over) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
