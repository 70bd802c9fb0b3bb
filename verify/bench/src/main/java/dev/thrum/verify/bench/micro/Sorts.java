package dev.thrum.verify.bench.micro;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What it costs to sort a million elements in random order, the copy that is sorted included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class Sorts {

    /// The order of the objects.
    protected static final Comparator<Integer> ORDER = (a, b) -> Integer.compare(a, b);

    private static final int SIZE = Forks.SMALL ? 1_000 : 1_000_000;

    // The same for every peer.
    private final Integer[] objects = new SplittableRandom(42).ints(SIZE).boxed().toArray(Integer[]::new);

    private final int[] ints = new SplittableRandom(42).ints(SIZE).toArray();
    private final double[] doubles = new SplittableRandom(42).doubles(SIZE).toArray();

    /// Starts the pool.
    protected void open() {}

    /// Ends the pool.
    protected void close() {}

    /// Sorts by [#ORDER], the equal ones staying as they were.
    /// @param array what to sort
    protected abstract void sort(Integer[] array);

    /// Sorts numbers.
    /// @param array what to sort
    protected abstract void sort(int[] array);

    /// Sorts numbers.
    /// @param array what to sort
    protected abstract void sort(double[] array);

    @Setup
    public final void begin() {
        open();
    }

    /// Boxed numbers, by a comparator.
    @Benchmark
    public final Integer[] boxes() {
        Integer[] copy = objects.clone();
        sort(copy);
        return copy;
    }

    /// Numbers.
    @Benchmark
    public final int[] ints() {
        int[] copy = ints.clone();
        sort(copy);
        return copy;
    }

    /// Numbers with an order of their own.
    @Benchmark
    public final double[] doubles() {
        double[] copy = doubles.clone();
        sort(copy);
        return copy;
    }

    @TearDown
    public final void end() {
        close();
    }
}
