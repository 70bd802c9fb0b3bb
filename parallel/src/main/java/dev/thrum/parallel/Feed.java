package dev.thrum.parallel;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Elements that come one after the other from an iterator, which may be without an end.
final class Feed<T extends @Nullable Object, A extends @Nullable Object> {
    /*
     * Each thread that takes part draws a few elements at a time, works on them, and draws again. Drawing is for one thread
     * at a time; the iterator is the only code of the user that runs under the lock. A helper lies in its thread's slot,
     * and who has nothing to do splits another one off, which draws like everybody else.
     *
     * A draw is measured, pulling and working together, and the next one made larger or smaller, so that one takes about
     * DRAW. What was got from each is kept by its number, since the draws are finished in any order.
     */
    private static final long DRAW = 20_000; // nanoseconds
    private static final int LARGEST = 1 << 14;

    private final Iterator<? extends T> source;
    private final Pass<T, A> pass;
    private final Plan plan;
    private final long limit;
    private final ReentrantLock drawing = new ReentrantLock();
    private final ConcurrentSkipListMap<Long, Got<A>> got = new ConcurrentSkipListMap<>();
    private long drawn; // guarded by drawing
    private volatile boolean dry; // written under drawing

    private record Got<A extends @Nullable Object>(A value) {}

    Feed(Iterator<? extends T> source, Pass<T, A> pass, Plan plan, long limit) {
        this.source = source;
        this.pass = pass;
        this.plan = plan;
        this.limit = limit;
    }

    /// Draws until there is nothing left.
    private final class Helper extends Piece {
        private @Nullable Helper last; // the last one split off from this; guarded by this
        private final @Nullable Helper before; // the one split off before this

        Helper(@Nullable Helper before) {
            this.before = before;
        }

        @Override
        protected void run(Hands hands) {
            try {
                hands.share(this);
                int size = 1;
                while (size > 0 && !plan.isOver()) {
                    hands.checkpoint();
                    long begun = System.nanoTime();
                    int count = draw(size);
                    size = count == 0 ? 0 : next(count, System.nanoTime() - begun);
                }
                hands.withdraw(this);
                for (Helper each = lastSplit(); each != null; each = each.before) {
                    hands.join(each);
                }
            } catch (RuntimeException | Error failure) {
                hands.stop(failure);
                throw failure;
            }
        }

        private synchronized @Nullable Helper lastSplit() {
            return last;
        }

        @Override
        protected synchronized @Nullable Helper split() {
            if (dry || plan.isOver()) {
                return null;
            }
            last = new Helper(last);
            return last;
        }
    }

    private static int next(int count, long nanos) {
        return nanos <= DRAW / 2 ? Math.min(LARGEST, 2 * count) : (int) Math.max(1, count * DRAW / nanos);
    }

    /// {@return what was got from all}
    static <T extends @Nullable Object, A extends @Nullable Object> A run(Hands hands, Feed<T, A> feed) {
        Feed<T, A>.Helper first = feed.new Helper(null);
        first.run(hands);
        feed.plan.end();
        A all = feed.pass.none();
        for (Got<A> each : feed.got.values()) {
            all = feed.pass.both(all, each.value);
        }
        return all;
    }

    /// {@return how many elements it has worked on; 0 when there are none}
    private int draw(int size) {
        @Nullable Object[] elements = new Object[size];
        int count = 0;
        long base;
        drawing.lock();
        try {
            base = drawn;
            while (count < size && !dry) {
                if (drawn >= limit || !source.hasNext()) {
                    dry = true;
                } else {
                    elements[count++] = source.next();
                    drawn++;
                }
            }
        } catch (RuntimeException | Error broken) {
            dry = true;
            throw broken;
        } finally {
            drawing.unlock();
        }
        if (count > 0) {
            work(elements, count, base);
        }
        return count;
    }

    private void work(@Nullable Object[] elements, int count, long base) {
        @SuppressWarnings({"unchecked", "NullAway"}) // they came out of the iterator
        IntFunction<T> at = i -> (T) elements[i];
        A mine = Stretch.of(pass, at, base, plan).over(pass.none(), 0, count);
        plan.done(count);
        if (mine != null) {
            got.put(base, new Got<>(mine));
        }
    }
}
