package dev.thrum.verify.bench.micro;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Peers that decide at each level whether to make a part of a call, which is joined later.
public abstract class PartForks extends Forks {

    private static final int FIB = 18;
    private static final int QUEENS = 7; // rows left
    private static final int NUMBERS = 10_000;
    private static final int DEPTH = 40; // of the tree: nine tenths to the power of that are a hundredth

    /// What was forked.
    public interface Part {

        /// {@return what was forked before it, if anything}
        @Nullable Part before();

        /// {@return its result, waiting for it}
        long result();

        /// {@return the sum of the results of `last` and those before it}
        /// @param last the last one forked, or null
        static long sum(@Nullable Part last) {
            long sum = 0;
            for (Part each = last; each != null; each = each.before()) {
                sum += each.result();
            }
            return sum;
        }
    }

    /// {@return whether to fork here}
    /// @param above by how much the work is larger than what one would fork by hand; less than zero where it is smaller
    protected abstract boolean forks(int above);

    /// {@return a new part}
    /// @param body what it computes
    /// @param before what was forked before it
    protected abstract Part fork(LongSupplier body, @Nullable Part before);

    /// {@return what `body` returns, run in the pool}
    /// @param body the whole computation
    protected abstract long run(LongSupplier body);

    @Override
    protected final long fib(int n) {
        return run(() -> part(n));
    }

    private long part(int n) {
        if (n < 2) {
            return n;
        }
        if (forks(n - FIB)) {
            Part left = fork(() -> part(n - 1), null);
            long right = part(n - 2);
            return left.result() + right;
        }
        return part(n - 1) + part(n - 2);
    }

    @Override
    protected final long queens(int n) {
        return run(() -> queens((1 << n) - 1, 0, 0, 0, n));
    }

    private long queens(int all, int columns, int left, int right, int rows) {
        if (columns == all) {
            return 1;
        }
        long count = 0;
        Part parts = null;
        for (int free = all & ~(columns | left | right); free != 0; free &= free - 1) {
            int place = free & -free;
            if (forks(rows - QUEENS)) {
                parts = fork(
                        () -> queens(all, columns | place, (left | place) << 1, (right | place) >> 1, rows - 1), parts);
            } else {
                count += queens(all, columns | place, (left | place) << 1, (right | place) >> 1, rows - 1);
            }
        }
        return count + Part.sum(parts);
    }

    @Override
    protected final void sort(double[] array) {
        run(() -> sort(array, 0, array.length - 1));
    }

    private long sort(double[] a, int low, int high) {
        if (high - low < Quicksort.SHORTEST) {
            Quicksort.insert(a, low, high);
            return 0;
        }
        int middle = Quicksort.partition(a, low, high);
        if (forks(high - low - NUMBERS)) {
            Part upper = fork(() -> sort(a, middle + 1, high), null);
            sort(a, low, middle);
            return upper.result();
        }
        sort(a, low, middle);
        return sort(a, middle + 1, high);
    }

    @Override
    protected final long walk(Tree tree) {
        return run(() -> walk(tree, 0));
    }

    private long walk(Tree tree, int depth) {
        long sum = tree.work();
        Part parts = null;
        for (Tree each : tree.children()) {
            if (forks(DEPTH - depth)) {
                parts = fork(() -> walk(each, depth + 1), parts);
            } else {
                sum += walk(each, depth + 1);
            }
        }
        return sum + Part.sum(parts);
    }
}
