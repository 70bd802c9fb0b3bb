package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Two halves, split by hand: the one in a thread that waits for it, the other in the thread that calls.
public class HalvesMaps extends Maps {

    private @Nullable ExecutorService other;

    @Override
    protected final void open() {
        other = Executors.newSingleThreadExecutor();
    }

    @Override
    protected final void close() {
        requireNonNull(other).close();
    }

    private interface Half {
        long run(int low, int high);
    }

    private long both(int size, Half half) {
        Future<Long> upper = requireNonNull(other).submit(() -> half.run(size / 2, size));
        long lower = half.run(0, size / 2);
        try {
            return lower + upper.get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException("a half failed", failed);
        }
    }

    @Override
    protected final double[] mapHeavily(double[] array) {
        double[] results = new double[array.length];
        both(array.length, (low, high) -> {
            for (int i = low; i < high; i++) {
                results[i] = heavy(array[i]);
            }
            return 0;
        });
        return results;
    }

    @Override
    protected final double[] mapLightly(double[] array) {
        double[] results = new double[array.length];
        both(array.length, (low, high) -> {
            for (int i = low; i < high; i++) {
                results[i] = light(array[i]);
            }
            return 0;
        });
        return results;
    }

    @Override
    protected final List<Double> mapObjects(List<Double> list) {
        Double[] results = new Double[list.size()];
        both(results.length, (low, high) -> {
            for (int i = low; i < high; i++) {
                results[i] = heavy(list.get(i));
            }
            return 0;
        });
        return Arrays.asList(results);
    }

    @Override
    protected final long sum(int[] array) {
        return both(array.length, (low, high) -> {
            long sum = 0;
            for (int i = low; i < high; i++) {
                sum += array[i];
            }
            return sum;
        });
    }
}
