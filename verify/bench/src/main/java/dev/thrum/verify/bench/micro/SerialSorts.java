package dev.thrum.verify.bench.micro;

import java.util.Arrays;

/// `Arrays.sort`.
public class SerialSorts extends Sorts {

    @Override
    protected final void sort(Integer[] array) {
        Arrays.sort(array, ORDER);
    }
}
