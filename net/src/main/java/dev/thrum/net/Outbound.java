package dev.thrum.net;

import dev.thrum.promise.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What goes out over a connection.
///
/// It gathers in the loop's write buffer, which this borrows; only what the system does not take is copied, to the outbox.
/// A file is handed to the system when everything before it has gone, and until it has gone nothing follows.
///
/// Loop thread only.
final class Outbound implements Consumer<ByteBuffer> {
    private static final long LOW_WATER = Socket.HIGH_WATER / 2;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Connection connection;
    private @Nullable Outbox outbox;
    private @Nullable FileRegion file; // until whoever sends it is told
    private @Nullable Runnable drained;
    private int mark = -1; // where the reserved room begins, or -1
    private int buffered; // bytes in the loop's write buffer
    private boolean ending;
    private boolean shut;

    Outbound(Connection connection) {
        this.connection = connection;
    }

    /// {@return whether nothing more will go out}
    boolean isOver() {
        return shut;
    }

    /// {@return whether bytes wait for the system to take them}
    boolean isBlocked() {
        return kept() > 0;
    }

    long pending() {
        return connection.isClosed() ? 0 : buffered + kept();
    }

    private long kept() {
        return (outbox == null ? 0 : outbox.kept()) + (file == null ? 0 : file.remaining());
    }

    /// The connection is closed: nothing of what is kept will go out.
    void drop() {
        if (outbox != null) {
            outbox.drop();
        }
    }

    private boolean isRefused() {
        return ending || connection.isClosing();
    }

    // ---- the user's wishes

    ByteBuffer reserve(int bytes) {
        if (bytes < 0 || bytes > Socket.MAX_RESERVE) {
            throw new IllegalArgumentException("bytes must be 0.." + Socket.MAX_RESERVE + ": " + bytes);
        }
        checkNoFile();
        ByteBuffer buffer = connection.loop().writeBuffer(this);
        forgetReserved(buffer);
        if (buffer.remaining() < bytes) {
            accept(buffer.flip());
            buffer.clear();
        }
        mark = buffer.position();
        return buffer;
    }

    void commit() {
        connection.check();
        if (mark < 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        ByteBuffer buffer = connection.loop().writeBuffer(this);
        if (isRefused()) {
            forgetReserved(buffer);
        } else {
            buffered += buffer.position() - mark;
            mark = -1;
        }
    }

    private void forgetReserved(ByteBuffer buffer) {
        if (mark >= 0) {
            buffer.position(mark);
            mark = -1;
        }
    }

    private void checkNoFile() {
        if (file != null && !file.isOver() && !connection.isClosed()) {
            throw new IllegalStateException("a file is being sent: wait for its promise");
        }
    }

    Promise<Socket> write(FileRegion region) {
        connection.check();
        if (isRefused()) {
            return Promise.failed(connection.refusal());
        }
        if (file != null) {
            throw new IllegalStateException("a file is being sent: wait for its promise");
        }
        if (region.isOver()) {
            return write(EMPTY);
        }
        flushBuffer();
        file = region;
        flushKept();
        return region.whenSent();
    }

    Promise<Socket> write(ByteBuffer bytes) {
        connection.check();
        if (isRefused()) {
            return Promise.failed(connection.refusal());
        }
        checkNoFile();
        if (bytes.remaining() <= Socket.MAX_RESERVE) {
            reserve(bytes.remaining()).put(bytes);
            commit();
        } else {
            flushBuffer();
            sendLarge(bytes);
        }
        if (connection.isClosed()) {
            return Promise.failed(connection.refusal());
        }
        return pending() == 0 ? Promise.of(connection) : outbox().whenSent(pending());
    }

    void onDrained(Runnable action) {
        connection.check();
        drained = action;
        if (hasNews()) {
            connection.catchUpLater();
        }
    }

    void end() {
        connection.check();
        if (!isRefused()) {
            ending = true;
            afterSending();
        }
    }

    // ---- the way out

    /// The write buffer is wanted back.
    @Override
    public void accept(ByteBuffer buffer) {
        if (mark >= 0) {
            buffer.limit(mark);
            mark = -1;
        }
        buffered = 0;
        if (buffer.hasRemaining()) { // else the end of output may have been told already
            send(buffer);
        }
    }

    /// Sends what stands in the write buffer, if it is ours.
    void flushBuffer() {
        if (buffered > 0) {
            ByteBuffer buffer = connection.loop().writeBuffer(this);
            accept(buffer.flip());
            buffer.clear();
        }
    }

    /// The system may take more of what was kept.
    void flushKept() {
        long before = kept();
        try {
            if (outbox != null) {
                outbox.flush(connection.channel());
            }
            if (file != null && kept() == file.remaining()) {
                sendShare(file);
            }
        } catch (IOException e) {
            connection.fail(e);
            return;
        }
        if (kept() < before) {
            connection.sent();
        }
        connection.updateInterest();
        afterSending();
    }

    private void sendShare(FileRegion region) throws IOException {
        if (!region.isOver() && !connection.isClosed() && !region.send(connection.channel())) {
            connection.breakOff(region.problem());
        }
    }

    /// The JDK copies what is not direct to a buffer of its own, and keeps that: give it pieces of ours instead.
    private void sendLarge(ByteBuffer bytes) {
        ByteBuffer piece = connection.loop().writeBuffer(this);
        while (!bytes.isDirect() && bytes.hasRemaining() && kept() == 0 && !connection.isClosed()) {
            int count = Math.min(bytes.remaining(), piece.capacity());
            piece.clear().put(0, bytes, bytes.position(), count).limit(count);
            bytes.position(bytes.position() + count);
            send(piece);
            piece.clear();
        }
        if (bytes.hasRemaining()) {
            send(bytes);
        }
    }

    /// Hands bytes to the system, and keeps what it does not take.
    private void send(ByteBuffer bytes) {
        try {
            if (kept() == 0 && !connection.isClosed()) {
                int count = connection.channel().write(bytes);
                if (outbox != null) {
                    outbox.sent(count);
                }
            }
        } catch (IOException e) {
            connection.fail(e);
        }
        if (connection.isClosed()) {
            bytes.position(bytes.limit());
        } else if (bytes.hasRemaining()) {
            outbox().keep(bytes);
            connection.updateInterest();
        } else {
            afterSending();
        }
    }

    private Outbox outbox() {
        if (outbox == null) {
            outbox = new Outbox(Buffered.of(connection.loop()));
        }
        return outbox;
    }

    private void afterSending() {
        if (ending && !shut && pending() == 0) {
            shut = true;
            shutOutput();
        }
        connection.afterDirection();
        if (hasNews()) {
            connection.catchUpLater();
        }
    }

    private void shutOutput() {
        try {
            connection.channel().shutdownOutput();
        } catch (IOException e) {
            connection.fail(e);
        }
    }

    // ---- news for the user

    private boolean hasNews() {
        return (outbox != null && (outbox.hasSettled() || outbox.isIdle()))
                || (file != null && file.isOver())
                || (drained != null && pending() < LOW_WATER);
    }

    /// Tells the user how far it got. Runs user code.
    void catchUp() {
        Outbox waiting = outbox;
        if (waiting != null) {
            waiting.settle(connection);
            if (connection.isClosed()) {
                waiting.fail(connection.refusal());
            }
            if (waiting.isIdle()) {
                outbox = null;
            }
        }
        FileRegion region = file;
        if (region != null && (region.isOver() || connection.isClosed())) {
            file = null;
            region.settle(connection);
        }
        Runnable action = drained;
        if (action != null && pending() < LOW_WATER) {
            drained = null;
            connection.guarded(action);
        }
    }
}
