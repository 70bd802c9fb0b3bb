package dev.thrum.verify.bench.micro;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.Blackhole;

/// What it costs to hand an empty task to a pool of two workers and to get its result back on the thread that sent it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class SubmitReceive {

    /// The empty task.
    protected static final Callable<Integer> EMPTY = () -> 1;

    private static final int WORKERS = 2;
    private static final int BATCH = 1000;

    /// Where one producer hands out tasks and gets their results.
    public interface Line {

        /// Hands out one [#EMPTY] task.
        void submit();

        /// {@return the next result, waiting for it}
        /// @throws Exception if the task failed or the wait was interrupted
        Object receive() throws Exception;
    }

    /// A thread that submits and receives.
    @State(Scope.Thread)
    public static class Producer {
        private @Nullable Line line;

        Line line(SubmitReceive pool) {
            Line mine = line;
            if (mine == null) {
                mine = pool.line();
                line = mine;
            }
            return mine;
        }
    }

    /// Starts the pool.
    /// @param workers how many threads it has
    public abstract void open(int workers);

    /// {@return a line of its own to the pool}
    public abstract Line line();

    /// Ends the pool.
    public abstract void close();

    @Setup
    public final void begin() {
        open(WORKERS);
    }

    /// A thousand tasks, then their thousand results; the time is for one.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public final void batch(Producer producer, Blackhole results) throws Exception {
        batch(producer.line(this), BATCH, results);
    }

    /// The same by two threads at once, each with a line of its own; the time is for one task of one of them.
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(BATCH)
    public final void twoProducers(Producer producer, Blackhole results) throws Exception {
        batch(producer.line(this), BATCH, results);
    }

    /// One task, then its result.
    @Benchmark
    public final Object pingPong(Producer producer) throws Exception {
        Line line = producer.line(this);
        line.submit();
        return line.receive();
    }

    private static void batch(Line line, int tasks, Blackhole results) throws Exception {
        for (int i = 0; i < tasks; i++) {
            line.submit();
        }
        for (int i = 0; i < tasks; i++) {
            results.consume(line.receive());
        }
    }

    @TearDown
    public final void end() {
        close();
    }
}
