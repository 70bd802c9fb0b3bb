package dev.thrum.parallel;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Sorts a stretch of an array: halves sorted side by side, and merged side by side.
final class Sort<T extends @Nullable Object> extends Piece {
    /*
     * A merge sort between an array and a scratch array of its size, which change places at every level. What is small,
     * or nobody is there to help with, is sorted where it is by Arrays.sort, which is stable and takes what runs there
     * are. A merge is cut at the middle of the longer half: the place of that element in the other half is found by
     * halving, and the two parts are merged independently.
     */
    private static final int LEAF = 4096;
    private static final int LEAVES = 8; // for each thread, at most

    private final T[] source; // sorted in place, or into `other`
    private final T[] other;
    private final Comparator<? super T> order;
    private final int from;
    private final int to;
    private final int leaf;
    private final boolean intoOther;

    private Sort(T[] source, T[] other, Comparator<? super T> order, int from, int to, int leaf, boolean intoOther) {
        this.source = source;
        this.other = other;
        this.order = order;
        this.from = from;
        this.to = to;
        this.leaf = leaf;
        this.intoOther = intoOther;
    }

    /// Sorts `array`, the equal ones staying as they were.
    static <T extends @Nullable Object> void sort(Hands hands, T[] array, Comparator<? super T> order) {
        int leaf = Math.max(LEAF, array.length / LEAVES);
        if (array.length <= LEAF) {
            Arrays.sort(array, order);
        } else {
            new Sort<>(array, array.clone(), order, 0, array.length, leaf, false).run(hands);
        }
    }

    @Override
    protected void run(Hands hands) {
        hands.checkpoint();
        int length = to - from;
        if (length <= leaf) {
            Arrays.sort(source, from, to, order);
            if (intoOther) {
                System.arraycopy(source, from, other, from, length);
            }
            return;
        }
        int middle = from + length / 2;
        Sort<T> left = half(from, middle);
        Sort<T> right = half(middle, to);
        hands.offer(right);
        left.run(hands);
        hands.join(right);
        T[] sorted = intoOther ? source : other;
        T[] target = intoOther ? other : source;
        new Merge<>(sorted, target, order, new Stretches(from, middle, middle, to, from)).run(hands);
    }

    private Sort<T> half(int from, int to) {
        return new Sort<>(source, other, order, from, to, leaf, !intoOther);
    }

    /// Two neighbours, or parts of them, and where they go.
    private record Stretches(int left, int leftEnd, int right, int rightEnd, int target) {}

    private static final class Merge<T extends @Nullable Object> extends Piece {
        private final T[] source;
        private final T[] target;
        private final Comparator<? super T> order;
        private final Stretches where;

        Merge(T[] source, T[] target, Comparator<? super T> order, Stretches where) {
            this.source = source;
            this.target = target;
            this.order = order;
            this.where = where;
        }

        @Override
        protected void run(Hands hands) {
            hands.checkpoint();
            int lefts = where.leftEnd - where.left;
            int rights = where.rightEnd - where.right;
            if (lefts + rights <= 2 * LEAF || lefts == 0 || rights == 0 || !hands.areFree()) {
                merge();
                return;
            }
            int i = lefts >= rights ? where.left + lefts / 2 : place(where.right + rights / 2, where.left, where.leftEnd, true);
            int j = lefts >= rights ? place(i, where.right, where.rightEnd, false) : where.right + rights / 2;
            int at = where.target + (i - where.left) + (j - where.right);
            Merge<T> upper = part(new Stretches(i, where.leftEnd, j, where.rightEnd, at));
            hands.offer(upper);
            part(new Stretches(where.left, i, where.right, j, where.target)).run(hands);
            hands.join(upper);
        }

        private Merge<T> part(Stretches part) {
            return new Merge<>(source, target, order, part);
        }

        /// {@return where the element at `index` belongs between `low` and `high`: behind its equals, or before them}
        private int place(int index, int low, int high, boolean behind) {
            int from = low;
            int to = high;
            while (from < to) {
                int middle = (from + to) >>> 1;
                int compared = order.compare(source[middle], source[index]);
                if (behind ? compared <= 0 : compared < 0) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        private void merge() {
            int i = where.left;
            int j = where.right;
            int at = where.target;
            while (i < where.leftEnd && j < where.rightEnd) {
                target[at++] = order.compare(source[i], source[j]) <= 0 ? source[i++] : source[j++];
            }
            System.arraycopy(source, i, target, at, where.leftEnd - i);
            System.arraycopy(source, j, target, at + where.leftEnd - i, where.rightEnd - j);
        }
    }
}
