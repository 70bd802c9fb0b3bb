package dev.thrum.http;

import dev.thrum.net.Socket;
import dev.thrum.scope.Scope;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one answer writes, in its turn: the first in the connection's line writes to the socket, the others hold back what
/// they write until their turn comes. A part of the exchange, rather than an object of its own for each. Loop thread only.
abstract sealed class OrderedOutput permits Http1Exchange {
    final Connection connection;
    private @Nullable Held held; // written before its turn
    private @Nullable StreamWriter writer;
    private boolean continueWanted; // to be said when its turn comes
    private boolean sending; // a file that has not gone out yet

    private static final class Held {
        final List<ByteBuffer> pieces = new ArrayList<>(4);
        @Nullable FileBody file; // behind them
    }

    OrderedOutput(Connection connection) {
        this.connection = connection;
    }

    abstract Scope scope();

    /// {@return whether nothing more will be written}
    abstract boolean isDone();

    /// Hears that the file has gone out, or cannot any more.
    abstract void fileSent();

    /// {@return whether a file is still to go out, and the next has to wait}
    boolean isSending() {
        return sending;
    }

    /// {@return whether an answer is still to be started}
    abstract boolean isWaiting();

    HeadEncoder encoder() {
        return connection.encoder();
    }

    /// Drops what was not written.
    void cutOff() {
        Held lost = held;
        held = null;
        if (lost != null && lost.file != null) {
            lost.file.close();
        }
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

    /// Sends a file, and closes it in the end. The connection takes nothing else meanwhile.
    void sendFile(FileBody body) {
        sending = true;
        if (connection.isFirst(this)) {
            transmit(body);
        } else {
            held().file = body;
        }
    }

    private void transmit(FileBody body) {
        connection.write(body)
                .map(sent -> true)
                .recover(IOException.class, problem -> {
                    if (problem instanceof EOFException || problem instanceof ClosedChannelException) { // of the file
                        scope().home().report(problem, scope());
                    }
                    return false;
                })
                .tap(sent -> {
                    body.close();
                    sending = false;
                    fileSent();
                });
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
        held().pieces.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
    }

    private Held held() {
        Held there = held;
        if (there == null) {
            there = new Held();
            held = there;
        }
        return there;
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
            connection.awaitDrain();
        }
    }

    /// The connection takes more.
    void drained() {
        if (writer != null) {
            scope().run(writer::drained);
        }
    }

    /// Sends what was held back until the answers before had gone out.
    void turnCame() {
        Held ready = held;
        held = null;
        if (ready != null) {
            ready.pieces.forEach(connection::write);
            if (ready.file != null) {
                transmit(ready.file);
            }
        }
        if (writer != null && !isDone()) {
            connection.awaitDrain();
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
