package dev.thrum.loop;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The two buffers of a loop, made when they are first asked for, and who has borrowed the one for writing.
///
/// Loop thread only.
final class LoopBuffers implements Runnable {
    private static final int SIZE = 64 * 1024;

    private final SelectorLoop loop;
    private @Nullable ByteBuffer read;
    private @Nullable ByteBuffer write;
    private @Nullable Consumer<ByteBuffer> borrower;
    private boolean flushing;

    LoopBuffers(SelectorLoop loop) {
        this.loop = loop;
    }

    ByteBuffer read() {
        if (read == null) {
            read = ByteBuffer.allocateDirect(SIZE);
        }
        return read.clear();
    }

    ByteBuffer write(Consumer<ByteBuffer> flush) {
        if (flushing) {
            throw new IllegalStateException("the write buffer is being flushed");
        }
        if (write == null) {
            write = ByteBuffer.allocateDirect(SIZE);
        }
        if (borrower != flush) {
            if (borrower == null) {
                loop.atTurnEnd(this);
            } else {
                giveBack(borrower, write);
            }
            borrower = flush;
        }
        return write;
    }

    /// The end of the turn.
    @Override
    public void run() {
        if (borrower != null && write != null) {
            giveBack(borrower, write);
            borrower = null;
        }
    }

    private void giveBack(Consumer<ByteBuffer> flush, ByteBuffer buffer) {
        flushing = true;
        try {
            flush.accept(buffer.flip());
        } catch (Throwable problem) {
            loop.report(problem, loop.scope());
        } finally {
            buffer.clear();
            flushing = false;
        }
    }
}
