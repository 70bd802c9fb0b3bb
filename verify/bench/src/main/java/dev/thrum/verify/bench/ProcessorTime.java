package dev.thrum.verify.bench;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// Tells JMH what an operation costs of the processors, all threads of the JVM, its compiler and collector included; and
/// how many processors somebody else used meanwhile.
public final class ProcessorTime implements InternalProfiler {

    static final String MINE = "processor";
    static final String FOREIGN = "foreign";

    private Mark before = Mark.now();

    private record Mark(long nanos, long mine, long machine) {

        static Mark now() {
            long mine = ProcFs.of(ProcessHandle.current().pid()).totalNanos();
            return new Mark(System.nanoTime(), mine, ProcFs.machineNanos());
        }

        Mark since(Mark earlier) {
            return new Mark(nanos - earlier.nanos, mine - earlier.mine, machine - earlier.machine);
        }
    }

    @Override
    public String getDescription() {
        return "processor time of the process";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = Mark.now();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Mark used = Mark.now().since(before);
        long operations = Math.max(1, result.getMetadata().getAllOps());
        return List.of(
                new ScalarResult(MINE, (double) used.mine / operations, "ns/op", AggregationPolicy.AVG),
                new ScalarResult(
                        FOREIGN, (double) (used.machine - used.mine) / used.nanos, "processors", AggregationPolicy.AVG));
    }
}
