package dev.thrum.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What was written and has not reached the system yet. The thread that writes copies pieces and posts them to the loop, and
/// waits when too much is on its way.
final class BlockingOutput extends OutputStream {
    private final Socket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long underWay; // bytes; guarded by lock
    private boolean closed; // guarded by lock
    private @Nullable IOException failure; // guarded by lock

    BlockingOutput(Socket socket) {
        this.socket = socket;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        BlockingSocket.checkMayWait(socket.loop());
        for (int taken = 0; taken < length; ) {
            int count = Math.min(length - taken, Socket.MAX_RESERVE);
            admit(count, taken);
            ByteBuffer piece = ByteBuffer.allocate(count).put(source, offset + taken, count).flip();
            post(() -> send(piece));
            taken += count;
        }
    }

    /// Waits until a piece may go on its way.
    private void admit(int count, int taken) throws IOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw BlockingSocket.interrupted(taken);
        }
        try {
            awaitLess(Socket.HIGH_WATER);
            if (closed) {
                throw new NetException.Aborted("the stream is closed: " + socket, null);
            }
            underWay += count;
        } catch (InterruptedIOException e) {
            e.bytesTransferred = taken;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /// Waits, under the lock, until less than `limit` bytes are on their way.
    private void awaitLess(long limit) throws IOException {
        while (failure == null && underWay >= limit) {
            try {
                changed.await();
            } catch (InterruptedException e) {
                throw BlockingSocket.interrupted(0);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void post(Runnable action) {
        if (!socket.loop().post(action)) {
            fail(new NetException.Aborted("the loop has ended: " + socket, null));
        }
    }

    /// On the loop.
    private void send(ByteBuffer piece) {
        int count = piece.remaining();
        socket.write(piece).tap(same -> sent(count)).recover(IOException.class, problem -> {
            fail(problem);
            return socket;
        });
    }

    private void sent(int count) {
        lock.lock();
        try {
            underWay -= count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(IOException problem) {
        lock.lock();
        try {
            if (failure == null) {
                failure = problem;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        BlockingSocket.checkMayWait(socket.loop());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw BlockingSocket.interrupted(0);
        }
        try {
            awaitLess(1);
        } finally {
            lock.unlock();
        }
    }

    /// Waits as [#flush] does, then tells the peer that nothing more comes.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        try {
            flush();
        } finally {
            post(socket::end);
        }
    }
}
