package dev.thrum.verify.bench.micro;

import java.util.Arrays;
import java.util.List;

/// The plain loop.
public class LoopMaps extends Maps {

    @Override
    protected double[] mapHeavily(double[] array) {
        double[] results = new double[array.length];
        for (int i = 0; i < array.length; i++) {
            results[i] = heavy(array[i]);
        }
        return results;
    }

    @Override
    protected double[] mapLightly(double[] array) {
        double[] results = new double[array.length];
        for (int i = 0; i < array.length; i++) {
            results[i] = light(array[i]);
        }
        return results;
    }

    @Override
    protected List<Double> mapObjects(List<Double> list) {
        Double[] results = new Double[list.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = heavy(list.get(i));
        }
        return Arrays.asList(results);
    }

    @Override
    protected long sum(int[] array) {
        long sum = 0;
        for (int each : array) {
            sum += each;
        }
        return sum;
    }
}
