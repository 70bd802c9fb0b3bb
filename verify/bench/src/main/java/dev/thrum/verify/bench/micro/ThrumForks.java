package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Kernel;
import dev.thrum.parallel.LongFork;
import dev.thrum.parallel.Parallel;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// A kernel of two workers; forks at every level, without a cutoff.
public class ThrumForks extends Forks {

    private final int workers;
    private final boolean withCaller;
    private @Nullable Parallel parallel;
    private @Nullable Kernel kernel;

    public ThrumForks() {
        this(2, false);
    }

    /// @param workers how many workers
    /// @param withCaller whether the thread that calls takes part
    protected ThrumForks(int workers, boolean withCaller) {
        this.workers = workers;
        this.withCaller = withCaller;
    }

    @Override
    protected void open() {
        Kernel started = Kernel.start(workers);
        kernel = started;
        Parallel on = Parallel.on(started);
        parallel = withCaller ? on.withCaller() : on;
    }

    @Override
    protected void close() {
        kernel().close();
    }

    /// {@return the kernel, while it is open}
    protected final Kernel kernel() {
        return requireNonNull(kernel);
    }

    private long run(ToLongFunction<Hands> body) {
        return requireNonNull(parallel).<Long>forking(body::applyAsLong).run();
    }

    @Override
    protected final long fib(int n) {
        return run(hands -> fib(hands, n));
    }

    private static long fib(Hands hands, int n) {
        if (n < 2) {
            return n;
        }
        if (hands.areFree()) {
            LongFork left = LongFork.start(hands, h -> fib(h, n - 1));
            long right = fib(hands, n - 2);
            return left.join() + right;
        }
        return fib(hands, n - 1) + fib(hands, n - 2);
    }

    @Override
    protected final long queens(int n) {
        return run(hands -> queens(hands, (1 << n) - 1, 0, 0, 0));
    }

    private static long queens(Hands hands, int all, int columns, int left, int right) {
        if (columns == all) {
            return 1;
        }
        long count = 0;
        LongFork forks = null;
        for (int free = all & ~(columns | left | right); free != 0; free &= free - 1) {
            int place = free & -free;
            if (hands.areFree()) {
                forks = LongFork.start(
                        hands, h -> queens(h, all, columns | place, (left | place) << 1, (right | place) >> 1), forks);
            } else {
                count += queens(hands, all, columns | place, (left | place) << 1, (right | place) >> 1);
            }
        }
        return count + LongFork.sum(forks);
    }

    @Override
    protected final void sort(double[] array) {
        run(hands -> sort(hands, array, 0, array.length - 1));
    }

    private static long sort(Hands hands, double[] a, int low, int high) {
        if (high - low < Quicksort.SHORTEST) {
            Quicksort.insert(a, low, high);
            return 0;
        }
        int middle = Quicksort.partition(a, low, high);
        if (hands.areFree()) {
            LongFork upper = LongFork.start(hands, h -> sort(h, a, middle + 1, high));
            sort(hands, a, low, middle);
            return upper.join();
        }
        sort(hands, a, low, middle);
        return sort(hands, a, middle + 1, high);
    }

    @Override
    protected final long walk(Tree tree) {
        return run(hands -> walk(hands, tree));
    }

    private static long walk(Hands hands, Tree tree) {
        long sum = tree.work();
        LongFork forks = null;
        for (Tree each : tree.children()) {
            if (hands.areFree()) {
                forks = LongFork.start(hands, h -> walk(h, each), forks);
            } else {
                sum += walk(hands, each);
            }
        }
        return sum + LongFork.sum(forks);
    }
}
