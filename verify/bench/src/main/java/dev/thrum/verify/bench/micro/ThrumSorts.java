package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.parallel.Parallel;
import org.jspecify.annotations.Nullable;

/// A kernel of two workers, called by a thread that is none of them.
public class ThrumSorts extends Sorts {

    private final int workers;
    private @Nullable Kernel kernel;
    private @Nullable Parallel parallel;

    public ThrumSorts() {
        this(2);
    }

    /// @param workers how many workers; the thread that calls takes part where there is one
    protected ThrumSorts(int workers) {
        this.workers = workers;
    }

    @Override
    protected final void open() {
        Kernel started = Kernel.start(workers);
        kernel = started;
        parallel = workers == 1 ? Parallel.on(started).withCaller() : Parallel.on(started);
    }

    @Override
    protected final void close() {
        requireNonNull(kernel).close();
    }

    @Override
    protected final void sort(Integer[] array) {
        requireNonNull(parallel).sort(array, ORDER).run();
    }

    @Override
    protected final void sort(int[] array) {
        requireNonNull(parallel).range(0, array.length).sort(array).run();
    }

    @Override
    protected final void sort(double[] array) {
        requireNonNull(parallel).range(0, array.length).sort(array).run();
    }
}
