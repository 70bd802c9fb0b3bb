package dev.thrum.parallel;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;
import java.util.Spliterator;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Elements that come one after the other from a source, which may be without an end.
final class Feed<T extends @Nullable Object, A extends @Nullable Object> {
    /*
     * Each thread that takes part draws a few elements at a time from a tap, works on them, and draws again. Drawing is for
     * one thread at a time; the source is the only code of the user that runs under the lock. A helper lies in its thread's
     * slot, and who has nothing to do splits another one off: with a tap of its own, if the source can be split and says
     * how many elements that takes away, so that all know their places; else it draws from the same.
     *
     * A draw is measured, pulling and working together, and the next one made larger or smaller, so that one takes about
     * DRAW. What was got from each is kept by its number, since the draws are finished in any order.
     */
    private static final long DRAW = 20_000; // nanoseconds
    private static final int LARGEST = 1 << 14;

    private final Spliterator<? extends T> source;
    private final Pass<T, A> pass;
    private final Plan plan;
    private final long limit;
    private final ConcurrentSkipListMap<Long, Got<A>> got = new ConcurrentSkipListMap<>();

    private record Got<A extends @Nullable Object>(A value) {}

    Feed(Spliterator<? extends T> source, Pass<T, A> pass, Plan plan, long limit) {
        this.source = source;
        this.pass = pass;
        this.plan = plan;
        this.limit = limit;
    }

    /// Some elements on their way.
    private static final class Draw<T extends @Nullable Object> implements Consumer<T> {
        private final @Nullable Object[] elements;
        private final long base; // the index of the first
        private int count;

        Draw(int size, long base) {
            this.elements = new Object[size];
            this.base = base;
        }

        @Override
        public void accept(T element) {
            elements[count++] = element;
        }

        boolean isFull() {
            return count == elements.length;
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // they were accepted
        T at(int index) {
            return (T) elements[index];
        }
    }

    /// Where elements come from.
    private final class Tap {
        private final ReentrantLock drawing = new ReentrantLock();
        private final Spliterator<? extends T> from; // guarded by drawing
        private long next; // guarded by drawing; an index
        private volatile boolean dry; // written under drawing

        Tap(Spliterator<? extends T> from, long next) {
            this.from = from;
            this.next = next;
        }

        /// {@return the next elements, `size` of them if there are so many}
        Draw<T> draw(int size) {
            drawing.lock();
            try {
                Draw<T> draw = new Draw<>((int) Math.min(size, Math.max(0, limit - next)), next);
                while (!draw.isFull() && from.tryAdvance(draw)) {
                    next++;
                }
                dry |= draw.count < size;
                return draw;
            } catch (RuntimeException | Error broken) {
                dry = true;
                throw broken;
            } finally {
                drawing.unlock();
            }
        }

        /// {@return a tap for what comes first, else this one}
        Tap split() {
            if (!drawing.tryLock()) {
                return this;
            }
            try {
                Spliterator<? extends T> first = from.hasCharacteristics(Spliterator.SUBSIZED) ? from.trySplit() : null;
                if (first == null) {
                    return this;
                }
                Tap taken = new Tap(first, next);
                next += first.getExactSizeIfKnown();
                return taken;
            } finally {
                drawing.unlock();
            }
        }
    }

    /// Draws until there is nothing left.
    private final class Helper extends Piece {
        private final Tap tap;
        private @Nullable Helper last; // the last one split off from this; guarded by this
        private final @Nullable Helper before; // the one split off before this

        Helper(Tap tap, @Nullable Helper before) {
            this.tap = tap;
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
                    Draw<T> draw = tap.draw(size);
                    work(draw);
                    size = draw.count == 0 ? 0 : next(draw.count, System.nanoTime() - begun);
                }
                hands.withdraw(this);
                for (Helper each = lastSplit(); each != null; each = each.before) {
                    hands.join(each, this);
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
            if (tap.dry || plan.isOver()) {
                return null;
            }
            last = new Helper(tap.split(), last);
            return last;
        }
    }

    private static int next(int count, long nanos) {
        return nanos <= DRAW / 2 ? Math.min(LARGEST, 2 * count) : (int) Math.max(1, count * DRAW / nanos);
    }

    private void work(Draw<T> draw) {
        if (draw.count > 0) {
            IntFunction<T> at = draw::at;
            A mine = Stretch.of(pass, at, draw.base, plan).over(pass.none(), 0, draw.count);
            plan.done(draw.count);
            if (mine != null) {
                got.put(draw.base, new Got<>(mine));
            }
        }
    }

    /// {@return what was got from all}
    static <T extends @Nullable Object, A extends @Nullable Object> A run(Hands hands, Feed<T, A> feed) {
        Feed<T, A>.Tap tap = feed.new Tap(feed.source, 0);
        Feed<T, A>.Helper first = feed.new Helper(tap, null);
        first.run(hands);
        feed.plan.end();
        A all = feed.pass.none();
        for (Got<A> each : feed.got.values()) {
            all = feed.pass.both(all, each.value);
        }
        return all;
    }
}
