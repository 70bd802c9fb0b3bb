package dev.thrum.verify.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a graph of a thousand nodes costs in which each sums its children: made, and its root computed, once.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class Graphs {

    private static final int NODES = 1_000;

    private final List<List<Integer>> wide = shape(NODES);
    private final List<List<Integer>> binary = shape(2);
    private final List<List<Integer>> chain = shape(1);

    /// {@return the children of each node: the next so many that nobody has yet}
    private static List<List<Integer>> shape(int width) {
        List<List<Integer>> shape = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            List<Integer> children = new ArrayList<>();
            for (int child = width * i + 1; child <= width * i + width && child < NODES; child++) {
                children.add(child);
            }
            shape.add(List.copyOf(children));
        }
        return List.copyOf(shape);
    }

    /// {@return what a node comes to}
    /// @param children what its children came to
    protected static int sum(List<Integer> children) {
        int sum = 1;
        for (int each : children) {
            sum += each;
        }
        return sum;
    }

    /// Starts the pool.
    protected void open() {}

    /// Ends the pool.
    protected void close() {}

    /// {@return what the first node comes to}
    /// @param children of each node, which stand behind it
    protected abstract int compute(List<List<Integer>> children);

    @Setup
    public final void begin() {
        open();
    }

    /// A root and 999 leaves.
    @Benchmark
    public final int wide() {
        return compute(wide);
    }

    /// Two children for each.
    @Benchmark
    public final int binary() {
        return compute(binary);
    }

    /// One child for each.
    @Benchmark
    public final int chain() {
        return compute(chain);
    }

    @TearDown
    public final void end() {
        close();
    }
}
