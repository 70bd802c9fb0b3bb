package dev.thrum.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What comes in over a connection, and who reads it.
///
/// The reader works directly on the loop's read buffer; only what it leaves is copied.
///
/// Loop thread only.
final class Inbound {
    private final Connection connection;
    private Socket.@Nullable Reader reader;
    private @Nullable ByteBuffer unread; // what the reader left, from position to limit
    private @Nullable Buffered counted; // where it is
    private boolean paused;
    private boolean unreadDue; // the reader is to get it without waiting for more
    private boolean peerEnded;
    private boolean endTold;

    Inbound(Connection connection) {
        this.connection = connection;
    }

    Socket.@Nullable Reader reader() {
        return reader;
    }

    /// {@return whether the reader wants more, and more can come}
    boolean isWanted() {
        return mayDeliver() && !peerEnded;
    }

    /// {@return whether the reader knows that the peer has finished}
    boolean isOver() {
        return endTold;
    }

    private boolean mayDeliver() {
        return reader != null && !paused && !connection.isClosing();
    }

    // ---- bytes

    /// The channel has something to read.
    void receive() {
        if (!isWanted()) {
            return;
        }
        ByteBuffer buffer = connection.loop().readBuffer();
        ByteBuffer kept = unread;
        boolean fits = kept != null && kept.remaining() <= buffer.capacity() / 2;
        if (kept != null && fits) {
            buffer.put(kept.duplicate());
        }
        int count;
        try {
            count = connection.channel().read(buffer);
        } catch (IOException e) {
            connection.fail(e);
            return;
        }
        if (count > 0) {
            connection.received();
            deliver(kept == null || fits ? buffer.flip() : join(kept, buffer.flip()));
        } else if (count < 0) {
            peerEnded = true;
            connection.updateInterest();
            catchUp();
        }
    }

    private static ByteBuffer join(ByteBuffer front, ByteBuffer back) {
        int size = front.remaining() + back.remaining();
        return ByteBuffer.allocate(size).put(front).put(back).flip();
    }

    private void deliver(ByteBuffer bytes) {
        drop();
        unreadDue = false;
        Socket.Reader current = reader;
        if (current == null) {
            return;
        }
        try {
            current.onRead(bytes);
        } finally {
            if (bytes.hasRemaining() && !connection.isClosing()) {
                unread = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                counted = Buffered.of(connection.loop());
                counted.add(unread.capacity());
                unreadDue |= reader != current; // the new one has not seen it
                if (unreadDue) {
                    connection.catchUpLater();
                }
            }
        }
    }

    /// Forgets what the reader has left.
    void drop() {
        if (unread != null && counted != null) {
            counted.add(-unread.capacity());
        }
        unread = null;
    }

    /// Delivers what is to be delivered without waiting for the peer.
    void catchUp() {
        ByteBuffer bytes = unread;
        if (unreadDue && bytes != null && mayDeliver()) {
            connection.guarded(() -> deliver(bytes));
        }
        Socket.Reader current = reader;
        if (peerEnded && !endTold && current != null && mayDeliver()) {
            endTold = true;
            drop();
            connection.guarded(() -> current.onEnd(connection));
            connection.afterDirection();
        }
    }

    // ---- the user's wishes

    void setReader(Socket.Reader next) {
        connection.check();
        reader = next;
        goOn();
    }

    /// Nobody reads until there is another reader.
    void forgetReader() {
        reader = null;
        connection.updateInterest();
    }

    void pause() {
        connection.check();
        paused = true;
        connection.updateInterest();
    }

    void resume() {
        connection.check();
        if (paused) {
            paused = false;
            goOn();
        }
    }

    private void goOn() {
        connection.updateInterest();
        unreadDue = true;
        if (unread != null || peerEnded || connection.isClosed()) {
            connection.catchUpLater();
        }
    }
}
