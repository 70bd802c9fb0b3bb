package dev.thrum.plugins;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;

/// Deflaters of one kind. One is a quarter of a mebibyte outside of the heap, so each loop keeps a few that were used, for the next
/// answers, and ends them when it ends itself.
final class Deflaters {
    static final int KEPT = 16; // of each loop

    private final int level;
    private final boolean raw;
    private final AtomicInteger open = new AtomicInteger();
    private final LoopLocal<Shelf> shelves = LoopLocal.of(this::shelf);

    /// @param raw without the header and the sum of RFC 1950
    Deflaters(int level, boolean raw) {
        this.level = level;
        this.raw = raw;
    }

    private Shelf shelf() {
        var shelf = new Shelf();
        EventLoop.current().onExit(shelf::close);
        return shelf;
    }

    /// {@return one for an answer of the loop that runs on this thread}
    Loan lend() {
        return shelves.get().lend();
    }

    /// {@return how many there are outside of the heap, on all loops}
    int open() {
        return open.get();
    }

    /// One that is in use, until it is closed. Loop thread only.
    static final class Loan implements AutoCloseable {
        final Deflater deflater;
        private final Shelf shelf;
        private boolean back;

        private Loan(Deflater deflater, Shelf shelf) {
            this.deflater = deflater;
            this.shelf = shelf;
        }

        @Override
        public void close() {
            if (!back) {
                back = true;
                shelf.put(deflater);
            }
        }
    }

    /// What a loop keeps. Loop thread only.
    private final class Shelf {
        private final Deque<Deflater> idle = new ArrayDeque<>();
        private boolean closed;

        Loan lend() {
            Deflater kept = idle.poll();
            if (kept == null) {
                kept = new Deflater(level, raw);
                open.incrementAndGet();
            }
            return new Loan(kept, this);
        }

        void put(Deflater used) {
            if (closed || idle.size() == KEPT) {
                end(used);
            } else {
                used.reset();
                idle.push(used);
            }
        }

        private void end(Deflater used) {
            used.end();
            open.decrementAndGet();
        }

        void close() {
            closed = true;
            idle.forEach(this::end);
            idle.clear();
        }
    }
}
