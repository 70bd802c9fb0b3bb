package dev.thrum.verify.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class MicroSubjectTest {

    private static Stream<MicroSubject> everySubject() {
        return MicroSubject.ALL.stream();
    }

    private static Stream<MicroBenchmark> everyBenchmark() {
        return everySubject().flatMap(subject -> subject.benchmarks().stream());
    }

    /// In this JVM and for an instant: whether it runs, not how fast.
    @ParameterizedTest
    @MethodSource("everyBenchmark")
    void everyBenchmarkRuns(MicroBenchmark benchmark) throws RunnerException {
        var options = new OptionsBuilder()
                .include(benchmark.pattern())
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(2)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        assertThat(new Runner(options).runSingle().getPrimaryResult().getScore()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("everySubject")
    void theBaselineAnswersEveryQuestion(MicroSubject subject) {
        assertThat(subject.benchmarks())
                .filteredOn(benchmark -> benchmark.peer().equals(subject.baseline()))
                .extracting(MicroBenchmark::question)
                .containsExactlyElementsOf(subject.questions());
    }
}
