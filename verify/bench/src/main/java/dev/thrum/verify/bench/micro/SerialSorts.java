package dev.thrum.verify.bench.micro;

import java.util.Arrays;

/// `Arrays.sort`.
public class SerialSorts extends Sorts {

    @Override
    protected final void sort(Integer[] array) {
        Arrays.sort(array, ORDER);
    }

    @Override
    protected final void sort(int[] array) {
        Arrays.sort(array);
    }

    @Override
    protected final void sort(double[] array) {
        Arrays.sort(array);
    }
}
