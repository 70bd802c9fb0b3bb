package dev.thrum.verify.bench.micro;

import java.util.List;
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

/// What it costs to do the same with each of a million elements.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class Maps {

    /// How many elements there are.
    protected static final int SIZE = Forks.SMALL ? 1_000 : 1_000_000;

    // The same for every peer.
    private final double[] doubles = new SplittableRandom(42).doubles(SIZE).toArray();
    private final int[] ints = new SplittableRandom(42).ints(SIZE).toArray();
    private final List<Double> objects =
            new SplittableRandom(42).doubles(SIZE).boxed().toList();

    /// {@return the square root of the square root, and so on}
    /// @param x of what
    protected static double heavy(double x) {
        double root = x;
        for (int i = 0; i < 8; i++) {
            root = Math.sqrt(root + i);
        }
        return root;
    }

    /// {@return a square, and one}
    /// @param x of what
    protected static double light(double x) {
        return x * x + 1;
    }

    /// Starts the pool.
    protected void open() {}

    /// Ends the pool.
    protected void close() {}

    /// {@return a new array of what [#heavy] makes of each}
    /// @param array the elements
    protected abstract double[] mapHeavily(double[] array);

    /// {@return a new array of what [#light] makes of each}
    /// @param array the elements
    protected abstract double[] mapLightly(double[] array);

    /// {@return a new list of what [#heavy] makes of each}
    /// @param list the elements
    protected abstract List<Double> mapObjects(List<Double> list);

    /// {@return the sum}
    /// @param array the elements
    protected abstract long sum(int[] array);

    @Setup
    public final void begin() {
        open();
    }

    /// Eight square roots for each.
    @Benchmark
    public final double[] heavyMap() {
        return mapHeavily(doubles);
    }

    /// Eight square roots for each, from a list of boxes to a list of boxes.
    @Benchmark
    public final List<Double> heavyMapOfObjects() {
        return mapObjects(objects);
    }

    /// A multiplication and an addition for each.
    @Benchmark
    public final double[] lightMap() {
        return mapLightly(doubles);
    }

    /// An addition for each.
    @Benchmark
    public final long sum() {
        return sum(ints);
    }

    @TearDown
    public final void end() {
        close();
    }
}
