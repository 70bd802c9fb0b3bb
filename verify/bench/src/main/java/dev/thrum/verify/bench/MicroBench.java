package dev.thrum.verify.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            Map.of("rounds", "3", "iterations", "10", "millis", "200", "warmup", "15");

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
    /// @param nanos for one operation, an entry for each iteration
    /// @param bytes allocated for one operation, likewise
    private record Cell(List<Double> nanos, List<Double> bytes) {

        Cell() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(IterationResult iteration) {
            nanos.add(iteration.getPrimaryResult().getScore());
            Result<?> allocated = iteration.getSecondaryResults().get(BYTES);
            if (allocated != null) {
                bytes.add(allocated.getScore());
            }
        }
    }

    private final List<MicroSubject> subjects;
    private final int rounds;
    private final int iterations;
    private final int millis;
    private final int warmup;
    private final PrintStream out;

    MicroBench(List<MicroSubject> subjects, Options options, PrintStream out) {
        this.subjects = List.copyOf(subjects);
        this.rounds = options.number("rounds", 1);
        this.iterations = options.number("iterations", 1);
        this.millis = options.number("millis", 1);
        this.warmup = options.number("warmup", 0);
        this.out = out;
    }

    void run() throws RunnerException {
        for (MicroSubject subject : subjects) {
            List<MicroBenchmark> benchmarks = subject.benchmarks();
            Map<MicroBenchmark, Cell> cells = new LinkedHashMap<>();
            for (int round = 1; round <= rounds; round++) {
                for (MicroBenchmark benchmark : benchmarks) {
                    System.err.println("round " + round + " of " + rounds + ": " + benchmark.label());
                    measure(benchmark, cells.computeIfAbsent(benchmark, _ -> new Cell()));
                }
            }
            for (String question : subject.questions()) {
                print(subject, question, cells);
            }
        }
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
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        new Runner(options).runSingle().getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .forEach(cell::add);
    }

    private void print(MicroSubject subject, String question, Map<MicroBenchmark, Cell> cells) {
        var table = new MarkdownTable("peer", "best ns", "median ns", "max ns", "ratio best", "ratio median", "B");
        Samples base = Samples.of(baseline(subject, question, cells).nanos(), Double::doubleValue);
        cells.forEach((benchmark, cell) -> {
            if (benchmark.question().equals(question)) {
                Samples nanos = Samples.of(cell.nanos(), Double::doubleValue);
                table.row(
                        benchmark.peer(),
                        Samples.text(nanos.min(), 1),
                        nanos.medianText(1),
                        Samples.text(nanos.max(), 1),
                        Samples.text(nanos.min() / base.min(), 2),
                        nanos.ratioText(base),
                        cell.bytes().isEmpty() ? "-" : new Samples(cell.bytes()).medianText(0));
            }
        });
        out.printf(
                "%s.%s: for one operation; rounds: %d, of %d iterations of %d ms; ratios to %s%n%n%s%n",
                subject.type().getSimpleName(), question, rounds, iterations, millis, subject.baseline(), table);
    }

    private static Cell baseline(MicroSubject subject, String question, Map<MicroBenchmark, Cell> cells) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getKey().question().equals(question))
                .filter(entry -> entry.getKey().peer().equals(subject.baseline()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }
}
