package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.parallel.Parallel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kernel of two workers, called by a thread that is none of them.
public class ThrumMaps extends Maps {

    private final int workers;
    private @Nullable Kernel kernel;
    private @Nullable Parallel parallel;

    public ThrumMaps() {
        this(2);
    }

    /// @param workers how many workers; the thread that calls takes part where there is one
    protected ThrumMaps(int workers) {
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

    private Parallel parallel() {
        return requireNonNull(parallel);
    }

    @Override
    protected final double[] mapHeavily(double[] array) {
        return parallel().range(0, array.length).toDoubles(i -> heavy(array[i])).run();
    }

    @Override
    protected final double[] mapLightly(double[] array) {
        return parallel().range(0, array.length).toDoubles(i -> light(array[i])).run();
    }

    @Override
    protected final List<Double> mapObjects(List<Double> list) {
        return parallel().over(list).map(Maps::heavy).run();
    }

    @Override
    protected final long sum(int[] array) {
        return parallel().range(0, array.length).reduceLongs(0, i -> array[i], Long::sum).run();
    }
}
