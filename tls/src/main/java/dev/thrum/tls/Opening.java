package dev.thrum.tls;

import dev.thrum.net.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;

/// What comes in over a TLS connection, as the reader of the socket below, and who reads it.
///
/// Records are decrypted from the read buffer of the loop to its bench, and read there. A record that has come in part is
/// left to the socket below to keep; only what the reader leaves is kept here.
///
/// Loop thread only.
final class Opening implements Socket.Reader {
    /// How many records without data may follow one another: tickets and new keys have none, but are rare.
    private static final int MOST_BARREN = 64;

    private final SecureSocket socket;
    private final Socket raw;
    private final SSLEngine engine;
    private final Workbench bench;
    private final boolean old; // TLS 1.2
    private Socket.@Nullable Reader reader;
    private @Nullable ByteBuffer unread; // what the reader left, from position to limit
    private boolean paused;
    private boolean unreadDue; // the reader is to get it without waiting for more
    private boolean peerEnded;
    private boolean endTold;
    private int barren; // records without data since the last that had some

    Opening(SecureSocket socket, Socket raw, SSLEngine engine, Workbench bench) {
        this.socket = socket;
        this.raw = raw;
        this.engine = engine;
        this.bench = bench;
        this.old = engine.getSession().getProtocol().equals("TLSv1.2");
    }

    Socket.@Nullable Reader reader() {
        return reader;
    }

    /// {@return whether the reader knows that the peer has finished}
    boolean isOver() {
        return endTold;
    }

    /// {@return whether the peer has said that nothing more comes}
    boolean peerEnded() {
        return peerEnded;
    }

    private boolean mayDeliver() {
        return reader != null && !paused && socket.isUsable();
    }

    // ---- from the socket below

    @Override
    public void onRead(ByteBuffer sealed) {
        socket.inScope(() -> receive(sealed));
    }

    @Override
    public void onEnd(Socket ended) {
        if (!peerEnded) {
            socket.fail(new TlsException.Truncated(
                    "the connection ended without a word in TLS; what came may be cut short: " + Failures.text(raw), null));
        }
    }

    @Override
    public void onClosed(@Nullable IOException reason) {
        socket.inScope(() -> socket.rawClosed(reason));
    }

    private void receive(ByteBuffer sealed) {
        try {
            boolean more = true;
            while (more && mayDeliver() && !peerEnded && isWhole(sealed)) {
                more = receiveSome(sealed);
            }
        } catch (IOException e) {
            socket.fail(e);
        }
        tellEnd();
    }

    private boolean isWhole(ByteBuffer sealed) throws TlsException {
        Records.check(sealed, Failures.text(raw));
        return Records.isWhole(sealed);
    }

    /// Decrypts what the bench has room for, and delivers it.
    /// @return whether there may be more
    private boolean receiveSome(ByteBuffer sealed) throws IOException {
        ByteBuffer plain = room(sealed);
        int start = plain.position();
        try {
            return open(sealed, plain, start);
        } finally { // what came before a bad record is good
            boolean news = plain.position() > start;
            plain.flip();
            if (news) {
                deliver(plain);
            } else if (start > 0) {
                unread = plain;
            }
        }
    }

    private ByteBuffer room(ByteBuffer sealed) {
        ByteBuffer kept = unread;
        if (kept == null) {
            return bench.opened();
        }
        unread = null;
        return ByteBuffer.allocate(kept.remaining() + Math.max(sealed.remaining(), Records.MAX)).put(kept);
    }

    /// @return whether it stopped for lack of room, or to deliver before something that is not data
    private boolean open(ByteBuffer sealed, ByteBuffer plain, int start) throws IOException {
        while (!peerEnded && isWhole(sealed)) {
            int type = Records.type(sealed);
            if (plain.position() > start && (type != Records.DATA || plain.remaining() < Records.MAX)) {
                return true;
            }
            if (type == Records.HANDSHAKE && old) {
                throw new TlsException.Violation("renegotiation is refused: " + Failures.text(raw), null);
            } else if (type == Records.ALERT) {
                socket.flush(); // at the end TLS 1.2 drops what was not sent
            }
            unwrap(sealed, plain);
        }
        return false;
    }

    private void unwrap(ByteBuffer sealed, ByteBuffer plain) throws IOException {
        SSLEngineResult result = engine.unwrap(sealed, plain);
        peerEnded = result.getStatus() == SSLEngineResult.Status.CLOSED;
        barren = result.bytesProduced() > 0 ? 0 : barren + 1;
        if (barren > MOST_BARREN) {
            throw new TlsException.Violation(barren + " records without data: " + Failures.text(raw), null);
        }
        if (peerEnded && old) {
            socket.endWriting();
        } else if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            socket.answer();
        }
    }

    // ---- to the reader

    private void deliver(ByteBuffer bytes) {
        Socket.Reader current = reader;
        unread = null;
        unreadDue = false;
        if (current != null) {
            socket.guarded(() -> current.onRead(bytes));
        }
        if (bytes.hasRemaining() && socket.isUsable()) {
            unread = bench.isOurs(bytes) ? ByteBuffer.allocate(bytes.remaining()).put(bytes).flip() : bytes;
            unreadDue |= reader != current; // the new one has not seen it
            if (unreadDue) {
                socket.catchUpLater();
            }
        }
    }

    /// Delivers what is to be delivered without waiting for the peer.
    void catchUp() {
        ByteBuffer bytes = unread;
        if (unreadDue && bytes != null && mayDeliver()) {
            deliver(bytes);
        }
        tellEnd();
    }

    private void tellEnd() {
        Socket.Reader current = reader;
        if (peerEnded && !endTold && current != null && mayDeliver() && !unreadDue) {
            endTold = true;
            unread = null;
            socket.guarded(() -> current.onEnd(socket));
            socket.afterDirection();
        }
    }

    // ---- the user's wishes

    void setReader(Socket.Reader next) {
        reader = next;
        goOn();
    }

    void pause() {
        paused = true;
        raw.pauseReading();
    }

    void resume() {
        if (paused) {
            paused = false;
            goOn();
        }
    }

    private void goOn() {
        unreadDue = unread != null;
        if (mayDeliver() && !peerEnded) {
            raw.resumeReading();
        }
        if (unreadDue || peerEnded || !socket.isUsable()) {
            socket.catchUpLater();
        }
    }
}
