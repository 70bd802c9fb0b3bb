package dev.thrum.parallel;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;
import org.jspecify.annotations.Nullable;

/// A stretch of elements that is worked on from left to right, while whoever has nothing to do takes the right half of what
/// is left.
final class Span<A extends @Nullable Object> extends Piece {
    /*
     * The elements are claimed in strides. What is not claimed yet is open: the span lies in its thread's slot, and a
     * thread without work takes the right half of it as a span of its own, which it then shares in the same way. So work
     * is cut where it turns out to be, and skewed work balances down to a single element: nobody has to foresee anything,
     * and nobody who is busy in a long element is in the way of the elements behind it. Where nobody is idle, nothing is
     * cut, and all that it costs is a lock, without rivals, for each stride.
     *
     * A stride is measured, and its length changed so that one takes about STRIDE. Nobody can help within a stride, so
     * it is never more than an eighth of the rest: when cheap elements are followed by dear ones, that much at most is
     * done alone.
     *
     * The spans taken lie to the right of what is kept, the last one nearest. Joined in that order, each is the right
     * neighbour of all that was got so far. Who waits for one of them helps with any of them.
     */
    private static final long STRIDE = 20_000; // nanoseconds

    private final Stretch<A> stretch;
    private final Plan plan;
    private final boolean each; // strides of one
    private int from; // guarded by this; written by its own thread only
    private int to; // guarded by this
    private @Nullable Span<A> right; // the last one taken; guarded by this
    private final @Nullable Span<A> after; // the one taken before this
    private A got;

    private Span(Span<A> whole, int from, int to) {
        this(whole.stretch, whole.plan, whole.each, from, to, whole.right);
    }

    private Span(Stretch<A> stretch, Plan plan, boolean each, int from, int to, @Nullable Span<A> after) {
        this.stretch = stretch;
        this.plan = plan;
        this.each = each;
        this.from = from;
        this.to = to;
        this.after = after;
        this.got = stretch.none();
    }

    /// {@return what `stretch` gets from all elements}
    /// @param each whether every element is a stride
    static <A extends @Nullable Object> A run(Hands hands, Stretch<A> stretch, Plan plan, boolean each, int size) {
        Span<A> all = new Span<>(stretch, plan, each, 0, size, null);
        all.run(hands);
        plan.end();
        return all.got;
    }

    @Override
    protected void run(Hands hands) {
        try {
            hands.share(this);
            goAlong(hands);
            hands.withdraw(this);
            for (Span<A> next = lastTaken(); next != null; next = next.after) {
                hands.join(next, this);
                got = stretch.both(got, next.got);
            }
        } catch (RuntimeException | Error failure) {
            hands.stop(failure); // the others must not find out when they are joined
            throw failure;
        }
    }

    private void goAlong(Hands hands) {
        int stride = 1;
        int begin = from;
        int end = claim(stride);
        while (begin < end && !plan.isOver()) {
            hands.checkpoint();
            long before = System.nanoTime();
            got = stretch.over(got, begin, end);
            plan.done(stretch.count(begin, end));
            stride = next(end - begin, System.nanoTime() - before);
            begin = end;
            end = claim(stride);
        }
    }

    private int next(int count, long nanos) {
        if (each) {
            return 1;
        }
        return nanos <= STRIDE / 2 ? (int) Math.min(1 << 24, 4L * count) : (int) Math.max(1, count * STRIDE / nanos);
    }

    /// {@return the end of the stride that begins at `from`}
    private synchronized int claim(int stride) {
        int rest = to - from;
        from += Math.min(rest, Math.min(stride, Math.max(1, rest >> 3)));
        return from;
    }

    private synchronized @Nullable Span<A> lastTaken() {
        return right;
    }

    @Override
    protected synchronized @Nullable Span<A> split() {
        int rest = to - from;
        if (rest == 0 || plan.isOver()) {
            return null;
        }
        int middle = from + rest / 2;
        right = new Span<>(this, middle, to);
        to = middle;
        return right;
    }
}
