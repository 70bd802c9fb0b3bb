package dev.thrum.parallel;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;

/// Sorts a stretch of an array: halves sorted side by side, and merged side by side.
///
/// @param <A> the type of the array
final class Sort<A> extends Piece {
    /*
     * A merge sort between an array and a scratch array of its size, which change places at every level. What is small,
     * or a fair share for each worker, is sorted where it is by Arrays.sort, which takes what runs there are and is stable
     * where that can be seen. A merge is cut at the middle of the longer half: the place of that element in the other half is
     * found by halving, and the two parts are merged independently.
     */
    private static final int LEAF = 4096;
    private static final int LEAVES = 4; // for each worker, at most

    /// An array, and the one it changes places with.
    private record Pair<A>(A array, A other, Cells<A> cells, int leaf, Plan plan) {
        void sort(int from, int to) {
            cells.sort(array, from, to);
            plan.done(to - from);
        }
    }

    private final Pair<A> pair;
    private final int from;
    private final int to;
    private final boolean intoOther; // sorted there, else in place

    private Sort(Pair<A> pair, int from, int to, boolean intoOther) {
        this.pair = pair;
        this.from = from;
        this.to = to;
        this.intoOther = intoOther;
    }

    /// Sorts a stretch of `array`, the equal ones staying as they were. Progress is that of the leaves.
    static <A> void sort(Hands hands, A array, int from, int to, Cells<A> cells, Plan plan) {
        int length = to - from;
        if (length <= LEAF) {
            cells.sort(array, from, to);
            plan.done(length);
        } else {
            int leaf = Math.max(LEAF, length / (LEAVES * hands.kernel().workers()));
            boolean whole = from == 0 && to == cells.length(array);
            A mine = whole ? array : cells.copy(array, from, to);
            Pair<A> pair = new Pair<>(mine, cells.copy(array, from, to), cells, leaf, plan);
            new Sort<>(pair, 0, length, false).run(hands);
            if (!whole) {
                System.arraycopy(mine, 0, array, from, length);
            }
        }
        plan.end();
    }

    @Override
    protected void run(Hands hands) {
        hands.checkpoint();
        int length = to - from;
        if (length <= pair.leaf) {
            pair.sort(from, to);
            if (intoOther) {
                System.arraycopy(pair.array, from, pair.other, from, length);
            }
            return;
        }
        int middle = from + length / 2;
        Sort<A> left = new Sort<>(pair, from, middle, !intoOther);
        Sort<A> right = new Sort<>(pair, middle, to, !intoOther);
        hands.offer(right);
        left.run(hands);
        hands.join(right);
        new Merge<>(pair, intoOther, new Stretches(from, middle, middle, to, from)).run(hands);
    }

    /// Two neighbours, or parts of them, and where they go.
    record Stretches(int left, int leftEnd, int right, int rightEnd, int target) {}

    private static final class Merge<A> extends Piece {
        private final Pair<A> pair;
        private final boolean intoOther;
        private final Stretches where;

        Merge(Pair<A> pair, boolean intoOther, Stretches where) {
            this.pair = pair;
            this.intoOther = intoOther;
            this.where = where;
        }

        private A source() {
            return intoOther ? pair.array : pair.other;
        }

        @Override
        protected void run(Hands hands) {
            hands.checkpoint();
            int lefts = where.leftEnd - where.left;
            int rights = where.rightEnd - where.right;
            if (lefts + rights <= 2 * LEAF || lefts == 0 || rights == 0 || !hands.areFree()) {
                pair.cells.merge(source(), intoOther ? pair.other : pair.array, where);
                return;
            }
            int i = lefts >= rights ? where.left + lefts / 2 : place(where.right + rights / 2, where.left, where.leftEnd, true);
            int j = lefts >= rights ? place(i, where.right, where.rightEnd, false) : where.right + rights / 2;
            int at = where.target + (i - where.left) + (j - where.right);
            Merge<A> upper = part(new Stretches(i, where.leftEnd, j, where.rightEnd, at));
            hands.offer(upper);
            part(new Stretches(where.left, i, where.right, j, where.target)).run(hands);
            hands.join(upper);
        }

        private Merge<A> part(Stretches part) {
            return new Merge<>(pair, intoOther, part);
        }

        /// {@return where the element at `index` belongs between `low` and `high`: behind its equals, or before them}
        private int place(int index, int low, int high, boolean behind) {
            A source = source();
            int from = low;
            int to = high;
            while (from < to) {
                int middle = (from + to) >>> 1;
                int compared = pair.cells.compare(source, middle, index);
                if (behind ? compared <= 0 : compared < 0) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }
}
