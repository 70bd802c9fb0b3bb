package dev.thrum.verify.bench.micro;

import java.util.Arrays;
import java.util.List;

/// Parallel streams, in the common pool and the thread that calls.
public class StreamsMaps extends Maps {

    @Override
    protected final double[] mapHeavily(double[] array) {
        return Arrays.stream(array).parallel().map(Maps::heavy).toArray();
    }

    @Override
    protected final double[] mapLightly(double[] array) {
        return Arrays.stream(array).parallel().map(Maps::light).toArray();
    }

    @Override
    protected final List<Double> mapObjects(List<Double> list) {
        return list.parallelStream().map(Maps::heavy).toList();
    }

    @Override
    protected final long sum(int[] array) {
        return Arrays.stream(array).parallel().asLongStream().sum();
    }
}
