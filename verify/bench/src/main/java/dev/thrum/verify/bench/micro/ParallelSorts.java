package dev.thrum.verify.bench.micro;

import java.util.Arrays;

/// `Arrays.parallelSort`, in the common pool and the thread that calls.
public class ParallelSorts extends Sorts {

    @Override
    protected final void sort(Integer[] array) {
        Arrays.parallelSort(array, ORDER);
    }

    @Override
    protected final void sort(int[] array) {
        Arrays.parallelSort(array);
    }

    @Override
    protected final void sort(double[] array) {
        Arrays.parallelSort(array);
    }
}
