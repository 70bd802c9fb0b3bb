package dev.thrum.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What has come in and was not read yet. The loop puts in and pauses the socket when it is too much; the thread that reads
/// takes out and lets it go on.
///
/// The loop pauses inside its callback, and going on is posted to it: so they cannot overtake each other.
final class BlockingInput extends InputStream implements Socket.Reader {
    private static final int LOW_WATER = Socket.HIGH_WATER / 2;

    private final Socket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteBuffer> chunks = new ArrayDeque<>(); // guarded by lock
    private int held; // bytes in the chunks; guarded by lock
    private boolean full; // the socket is paused, or about to be; guarded by lock
    private boolean ended; // nothing more comes; guarded by lock
    private boolean closed; // nobody reads any more; guarded by lock
    private @Nullable IOException failure; // told after what is held; guarded by lock

    BlockingInput(Socket socket) {
        this.socket = socket;
    }

    // ---- on the loop

    @Override
    public void onRead(ByteBuffer bytes) {
        boolean pause = false;
        lock.lock();
        try {
            if (closed) {
                bytes.position(bytes.limit());
                return;
            }
            held += bytes.remaining();
            chunks.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
            if (held >= Socket.HIGH_WATER && !full) {
                full = true;
                pause = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (pause) {
            socket.pauseReading();
        }
    }

    @Override
    public void onEnd(Socket same) {
        end(null);
    }

    @Override
    public void onClosed(@Nullable IOException reason) {
        end(reason == null ? new NetException.Aborted("the connection was closed: " + socket, null) : reason);
    }

    private void end(@Nullable IOException reason) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- elsewhere

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        BlockingSocket.checkMayWait(socket.loop());
        boolean goOn;
        int count;
        lockForWaiting();
        try {
            if (length == 0) {
                return 0;
            }
            if (!awaitBytes()) {
                return -1;
            }
            count = take(target, offset, length);
            goOn = full && held < LOW_WATER;
            full &= !goOn;
        } finally {
            lock.unlock();
        }
        if (goOn) {
            goOn();
        }
        return count;
    }

    private void lockForWaiting() throws IOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw BlockingSocket.interrupted(0);
        }
    }

    /// {@return whether there are some; else the end has come}
    private boolean awaitBytes() throws IOException {
        while (held == 0 || closed) {
            if (closed) {
                throw new NetException.Aborted("the stream is closed: " + socket, null);
            }
            if (failure != null) {
                throw failure;
            }
            if (ended) {
                return false;
            }
            try {
                changed.await();
            } catch (InterruptedException e) {
                throw BlockingSocket.interrupted(0);
            }
        }
        return true;
    }

    private int take(byte[] target, int offset, int length) {
        int count = 0;
        for (ByteBuffer chunk = chunks.peek(); chunk != null && count < length; chunk = chunks.peek()) {
            int part = Math.min(length - count, chunk.remaining());
            chunk.get(target, offset + count, part);
            count += part;
            if (!chunk.hasRemaining()) {
                chunks.remove();
            }
        }
        held -= count;
        return count;
    }

    private void goOn() {
        if (!socket.loop().post(socket::resumeReading)) {
            end(new NetException.Aborted("the loop has ended: " + socket, null));
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /// Drops what is held and what still comes, so that the peer does not wait for ever.
    @Override
    public void close() {
        boolean goOn;
        lock.lock();
        try {
            closed = true;
            chunks.clear();
            held = 0;
            goOn = full;
            full = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (goOn) {
            goOn();
        }
    }
}
