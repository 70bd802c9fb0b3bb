package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.parallel.Parallel;
import org.jspecify.annotations.Nullable;

/// A kernel of two workers, called by a thread that is none of them.
public class ThrumSorts extends Sorts {

    private @Nullable Kernel kernel;
    private @Nullable Parallel parallel;

    @Override
    protected final void open() {
        Kernel started = Kernel.start(2);
        kernel = started;
        parallel = Parallel.on(started);
    }

    @Override
    protected final void close() {
        requireNonNull(kernel).close();
    }

    @Override
    protected final void sort(Integer[] array) {
        requireNonNull(parallel).sort(array, ORDER).run();
    }
}
