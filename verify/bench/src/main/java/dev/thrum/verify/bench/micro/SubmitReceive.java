package dev.thrum.verify.bench.micro;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/// What it costs to hand an empty task to a pool of two workers and to get its result back on the thread that sent it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class SubmitReceive {

    /// Worker threads of every pool.
    protected static final int WORKERS = 2;

    /// The empty task.
    protected static final Callable<Integer> EMPTY = () -> 1;

    private static final int BATCH = 1000;

    /// Hands out one [#EMPTY] task.
    protected abstract void submit();

    /// {@return the next result, waiting for it}
    /// @throws Exception if the task failed or the wait was interrupted
    protected abstract Object receive() throws Exception;

    /// Ends the pool.
    protected abstract void close();

    /// A thousand tasks, then their thousand results; the time is for one.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public final void batch(Blackhole results) throws Exception {
        for (int i = 0; i < BATCH; i++) {
            submit();
        }
        for (int i = 0; i < BATCH; i++) {
            results.consume(receive());
        }
    }

    /// One task, then its result.
    @Benchmark
    public final Object pingPong() throws Exception {
        submit();
        return receive();
    }

    @TearDown
    public final void end() {
        close();
    }
}
