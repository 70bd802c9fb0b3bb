package dev.thrum.verify.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What ten transformations of a value that is not there yet cost, on one thread: the chain is made, then the value comes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class PromiseChain {

    /// The transformations of a chain.
    protected static final int MAPS = 10;

    private static final int CHAINS = 1000;

    // Integers up to 127 are cached: no peer is to be charged for boxes.
    private static final int SMALL = 100;

    /// Makes one chain of [#MAPS] times [#increment] and settles its head.
    /// @param value what the head becomes
    /// @return what the tail became
    protected abstract int chain(int value);

    /// Runs a loop over [#chain] where this peer's promises live.
    /// @param chains the loop
    /// @return what it returns
    protected int where(Chains chains) {
        return chains.sum();
    }

    /// Ends what was started for the benchmark.
    protected void close() {}

    /// The loop over the chains.
    protected interface Chains {
        /// {@return the sum of what the tails became}
        int sum();
    }

    /// The transformation.
    /// @param value any
    /// @return one more
    protected static int increment(int value) {
        return value + 1;
    }

    /// Many chains, one after the other; the time is for one.
    @Benchmark
    @OperationsPerInvocation(CHAINS)
    public final int tenMaps() {
        return where(this::chains);
    }

    private int chains() {
        int sum = 0;
        for (int i = 0; i < CHAINS; i++) {
            sum += chain(i % SMALL);
        }
        return sum;
    }

    @TearDown
    public final void end() {
        close();
    }
}
