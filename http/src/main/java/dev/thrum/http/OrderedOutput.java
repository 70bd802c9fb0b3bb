package dev.thrum.http;

import dev.thrum.net.Socket;
import dev.thrum.scope.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one answer writes, in its turn: the first in the connection's line writes to the socket, the others hold back what
/// they write until their turn comes. A part of the exchange, rather than an object of its own for each. Loop thread only.
abstract sealed class OrderedOutput permits Http1Exchange {
    final Connection connection;
    private @Nullable List<ByteBuffer> held; // written before its turn
    private @Nullable StreamWriter writer;
    private boolean continueWanted; // to be said when its turn comes

    OrderedOutput(Connection connection) {
        this.connection = connection;
    }

    abstract Scope scope();

    /// {@return whether nothing more will be written}
    abstract boolean isDone();

    /// {@return whether an answer is still to be started}
    abstract boolean isWaiting();

    HeadEncoder encoder() {
        return connection.encoder();
    }

    /// Drops what was not written.
    void cutOff() {
        held = null;
        if (writer != null) {
            writer.cut();
        }
    }

    void send(HeadEncoder head, @Nullable ByteBuffer body) {
        if (connection.isFirst(this)) {
            connection.write(head, body);
        } else {
            hold(ByteBuffer.wrap(head.bytes(), 0, head.length()));
            if (body != null) {
                hold(body);
            }
        }
    }

    /// Sends a whole answer, with a copy less where it is small.
    void sendWhole(HeadEncoder head, byte[] body) {
        if (head.length() + body.length <= Socket.MAX_RESERVE) {
            head.append(body);
            send(head, null);
        } else {
            send(head, ByteBuffer.wrap(body));
        }
    }

    void sendPiece(ByteBuffer bytes, boolean chunked) {
        HeadEncoder frame = encoder();
        if (!chunked) {
            frame.clear();
            send(frame, bytes);
            return;
        }
        frame.startChunk(bytes.remaining());
        send(frame, bytes);
        frame.lineBreak();
        send(frame, null);
    }

    void sendLastChunk() {
        HeadEncoder frame = encoder();
        frame.startChunk(0);
        frame.end();
        send(frame, null);
    }

    private void hold(ByteBuffer bytes) {
        if (held == null) {
            held = new ArrayList<>(4);
        }
        held.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
    }

    void streaming(StreamWriter stream) {
        writer = stream;
    }

    boolean isWritable() {
        return connection.isFirst(this) && connection.isWritable();
    }

    /// Calls the writer when the connection takes more. Before its turn nothing needs to be done: [#turnCame] will.
    void awaitDrain() {
        if (connection.isFirst(this)) {
            connection.onDrained(this::drained);
        }
    }

    private void drained() {
        if (writer != null) {
            scope().run(writer::drained);
        }
    }

    /// Sends what was held back until the answers before had gone out.
    void turnCame() {
        List<ByteBuffer> ready = held;
        held = null;
        if (ready != null) {
            ready.forEach(connection::write);
        }
        if (writer != null && !isDone()) {
            connection.onDrained(this::drained);
        }
        if (continueWanted && isWaiting()) {
            sendContinue();
        }
    }

    /// Tells the client to send the body, in its turn.
    void sendContinue() {
        if (connection.isFirst(this)) {
            continueWanted = false;
            connection.write(ByteBuffer.wrap(Status.CONTINUE));
        } else {
            continueWanted = true;
        }
    }
}
