package dev.thrum.verify.bench.micro;

import java.util.ArrayList;
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

/// What functions cost that call themselves twice or more, and could do that side by side.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class Forks {

    /// Whether sizes are those of the test that only sees whether all runs.
    static final boolean SMALL = Boolean.getBoolean("thrum.bench.small");

    private static final int SHORT = SMALL ? 12 : 30;
    private static final int LONG = SMALL ? 13 : 35;
    private static final int QUEENS = SMALL ? 6 : 11;
    private static final int NUMBERS = SMALL ? 1_000 : 1_000_000;
    private static final int NODES = SMALL ? 1_000 : 30_000;

    // The same for every peer.
    private final double[] numbers = new SplittableRandom(42).doubles(NUMBERS).toArray();
    private final double[] sorted = new double[NUMBERS];
    private final Tree tree = Tree.of(NODES, new SplittableRandom(43));

    /// Starts the pool.
    protected void open() {}

    /// Ends the pool.
    protected void close() {}

    /// {@return the Fibonacci number, by two calls for each above 1}
    /// @param n which one
    protected abstract long fib(int n);

    /// {@return in how many ways so many queens leave each other alone}
    /// @param n how many
    protected abstract long queens(int n);

    /// Sorts by [Quicksort].
    /// @param array what to sort
    protected abstract void sort(double[] array);

    /// {@return the sum of the work at all nodes}
    /// @param tree the root
    protected abstract long walk(Tree tree);

    @Setup
    public final void begin() {
        open();
    }

    /// 1.35 million calls.
    @Benchmark
    public final long fib30() {
        return fib(SHORT);
    }

    /// 15 million calls.
    @Benchmark
    public final long fib35() {
        return fib(LONG);
    }

    /// 167,000 calls, of which few have many children.
    @Benchmark
    public final long queens11() {
        return queens(QUEENS);
    }

    /// A million doubles, copied and sorted.
    @Benchmark
    public final double quicksort() {
        System.arraycopy(numbers, 0, sorted, 0, NUMBERS);
        sort(sorted);
        return sorted[0];
    }

    /// 30,000 nodes, nine tenths of what is below a node under one of its children.
    @Benchmark
    public final long skewedTree() {
        return walk(tree);
    }

    @TearDown
    public final void end() {
        close();
    }

    /// A node.
    protected static final class Tree {
        private static final double LARGEST = 0.9;

        private final int seed;
        private final List<Tree> children;

        private Tree(int seed, List<Tree> children) {
            this.seed = seed;
            this.children = children;
        }

        static Tree of(int nodes, SplittableRandom random) {
            int below = nodes - 1;
            int large = (int) Math.ceil(LARGEST * below);
            List<Tree> children = new ArrayList<>();
            if (large > 0) {
                children.add(of(large, random));
            }
            if (below > large) {
                children.add(random.nextInt(children.size() + 1), of(below - large, random));
            }
            return new Tree(random.nextInt(), List.copyOf(children));
        }

        List<Tree> children() {
            return children;
        }

        /// {@return what its own work comes to}
        long work() {
            int mixed = seed | 1;
            for (int i = 0; i < 200; i++) {
                mixed ^= mixed << 13;
                mixed ^= mixed >>> 17;
                mixed ^= mixed << 5;
            }
            return mixed;
        }
    }

    /// The parts of a quicksort that do not call themselves.
    protected static final class Quicksort {
        /// Stretches up to this length are sorted by insertion.
        static final int SHORTEST = 24;

        private Quicksort() {}

        /// {@return where a number stands that none before is greater than, and none behind less; `high` is the last place}
        static int partition(double[] a, int low, int high) {
            double pivot = median(a[low], a[(low + high) >>> 1], a[high]);
            int i = low;
            int j = high;
            while (true) {
                while (a[i] < pivot) {
                    i++;
                }
                while (a[j] > pivot) {
                    j--;
                }
                if (i >= j) {
                    return j;
                }
                double swapped = a[i];
                a[i++] = a[j];
                a[j--] = swapped;
            }
        }

        private static double median(double a, double b, double c) {
            return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
        }

        static void insert(double[] a, int low, int high) {
            for (int i = low + 1; i <= high; i++) {
                double next = a[i];
                int j = i;
                for (; j > low && a[j - 1] > next; j--) {
                    a[j] = a[j - 1];
                }
                a[j] = next;
            }
        }
    }
}
