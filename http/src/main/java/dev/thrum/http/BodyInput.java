package dev.thrum.http;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads the body of a request on a thread that may block. The loop hands over one piece at a time, and gets no further
/// before it is read; so the client is slowed down to the pace of the reader.
final class BodyInput extends InputStream implements BodySink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private ByteBuffer piece = ByteBuffer.allocate(0); // guarded by lock, like all below
    private @Nullable Resolver<Boolean> taken; // of the piece
    private @Nullable Throwable problem;
    private boolean ended;
    private boolean closed;

    // ---- the loop's side

    @Override
    public Promise<?> take(ByteBuffer bytes) {
        Resolver<Boolean> next = Resolver.create();
        lock.lock();
        try {
            if (closed) {
                return Promise.of(true);
            }
            piece = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            taken = next;
            news.signal();
        } finally {
            lock.unlock();
        }
        return next.promise();
    }

    void end(@Nullable Throwable why) {
        lock.lock();
        try {
            ended = true;
            problem = why;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    // ---- the reader's side

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        Resolver<Boolean> emptied = null;
        int count;
        lock.lock();
        try {
            if (!await()) {
                return -1;
            }
            count = Math.min(length, piece.remaining());
            piece.get(bytes, offset, count);
            if (!piece.hasRemaining()) {
                emptied = taken;
                taken = null;
            }
        } finally {
            lock.unlock();
        }
        if (emptied != null) {
            emptied.resolve(true);
        }
        return count;
    }

    /// Waits for a piece.
    /// @return false at the end
    private boolean await() throws IOException {
        while (!piece.hasRemaining()) {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            if (ended) {
                if (problem instanceof HttpException refused) {
                    throw refused;
                }
                if (problem != null) {
                    throw new IOException("the body ends too early", problem);
                }
                return false;
            }
            try {
                news.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while the body was coming").initCause(e);
            }
        }
        return true;
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return piece.remaining();
        } finally {
            lock.unlock();
        }
    }

    /// Drops what still comes.
    @Override
    public void close() {
        Resolver<Boolean> dropped;
        lock.lock();
        try {
            closed = true;
            piece = ByteBuffer.allocate(0);
            dropped = taken;
            taken = null;
        } finally {
            lock.unlock();
        }
        if (dropped != null) {
            dropped.resolve(true);
        }
    }
}
