package dev.thrum.parallel;

import dev.thrum.parallel.Sort.Stretches;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// What [Sort] has to know of the type of an array.
///
/// @param <A> the type of the array
interface Cells<A> {

    int length(A array);

    /// {@return a new array of a stretch}
    A copy(A array, int from, int to);

    /// Sorts a stretch in this thread.
    void sort(A array, int from, int to);

    int compare(A array, int i, int j);

    /// Merges two sorted stretches, equal elements of the left one first.
    void merge(A source, A target, Stretches where);

    /// Objects, by a comparator.
    record Ordered<T extends @Nullable Object>(Comparator<? super T> order) implements Cells<T[]> {
        @Override
        public int length(T[] array) {
            return array.length;
        }

        @Override
        public T[] copy(T[] array, int from, int to) {
            return Arrays.copyOfRange(array, from, to);
        }

        @Override
        public void sort(T[] array, int from, int to) {
            Arrays.sort(array, from, to, order);
        }

        @Override
        public int compare(T[] array, int i, int j) {
            return order.compare(array[i], array[j]);
        }

        @Override
        public void merge(T[] source, T[] target, Stretches where) {
            int i = where.left();
            int j = where.right();
            int at = where.target();
            while (i < where.leftEnd() && j < where.rightEnd()) {
                target[at++] = order.compare(source[i], source[j]) <= 0 ? source[i++] : source[j++];
            }
            rest(source, target, where, i, j);
        }
    }

    /// Copies what is left when one of the stretches has come to its end.
    private static void rest(Object source, Object target, Stretches where, int i, int j) {
        int at = where.target() + i - where.left() + j - where.right();
        System.arraycopy(source, i, target, at, where.leftEnd() - i);
        System.arraycopy(source, j, target, at + where.leftEnd() - i, where.rightEnd() - j);
    }

    /// Numbers, the lesser ones first.
    record Ints() implements Cells<int[]> {
        @Override
        public int length(int[] array) {
            return array.length;
        }

        @Override
        public int[] copy(int[] array, int from, int to) {
            return Arrays.copyOfRange(array, from, to);
        }

        @Override
        public void sort(int[] array, int from, int to) {
            Arrays.sort(array, from, to);
        }

        @Override
        public int compare(int[] array, int i, int j) {
            return Integer.compare(array[i], array[j]);
        }

        @Override
        public void merge(int[] source, int[] target, Stretches where) {
            int i = where.left();
            int j = where.right();
            int at = where.target();
            while (i < where.leftEnd() && j < where.rightEnd()) {
                int left = source[i];
                int right = source[j];
                boolean isLeft = left <= right; // no branch: nobody could foretell it
                target[at++] = isLeft ? left : right;
                i += isLeft ? 1 : 0;
                j += isLeft ? 0 : 1;
            }
            rest(source, target, where, i, j);
        }
    }

    /// Numbers, the lesser ones first.
    record Longs() implements Cells<long[]> {
        @Override
        public int length(long[] array) {
            return array.length;
        }

        @Override
        public long[] copy(long[] array, int from, int to) {
            return Arrays.copyOfRange(array, from, to);
        }

        @Override
        public void sort(long[] array, int from, int to) {
            Arrays.sort(array, from, to);
        }

        @Override
        public int compare(long[] array, int i, int j) {
            return Long.compare(array[i], array[j]);
        }

        @Override
        public void merge(long[] source, long[] target, Stretches where) {
            int i = where.left();
            int j = where.right();
            int at = where.target();
            while (i < where.leftEnd() && j < where.rightEnd()) {
                long left = source[i];
                long right = source[j];
                boolean isLeft = left <= right;
                target[at++] = isLeft ? left : right;
                i += isLeft ? 1 : 0;
                j += isLeft ? 0 : 1;
            }
            rest(source, target, where, i, j);
        }
    }

    /// Numbers in the order of [Double#compare]: -0.0 before 0.0, and what is no number last.
    record Doubles() implements Cells<double[]> {
        @Override
        public int length(double[] array) {
            return array.length;
        }

        @Override
        public double[] copy(double[] array, int from, int to) {
            return Arrays.copyOfRange(array, from, to);
        }

        @Override
        public void sort(double[] array, int from, int to) {
            Arrays.sort(array, from, to);
        }

        @Override
        public int compare(double[] array, int i, int j) {
            return Double.compare(array[i], array[j]);
        }

        @Override
        public void merge(double[] source, double[] target, Stretches where) {
            int i = where.left();
            int j = where.right();
            int at = where.target();
            while (i < where.leftEnd() && j < where.rightEnd()) {
                double left = source[i];
                double right = source[j];
                boolean isLeft = left < right || Double.compare(left, right) <= 0;
                target[at++] = isLeft ? left : right;
                i += isLeft ? 1 : 0;
                j += isLeft ? 0 : 1;
            }
            rest(source, target, where, i, j);
        }
    }
}
