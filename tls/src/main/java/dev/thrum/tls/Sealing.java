package dev.thrum.tls;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// What goes out over a TLS connection: gathered on the bench, encrypted into the write buffer of the loop.
///
/// Loop thread only.
final class Sealing {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final SecureSocket socket;
    private final Socket raw;
    private final SSLEngine engine;
    private final Workbench bench;
    private List<Resolver<Socket>> waiters = List.of(); // for what is gathered to be sent
    private int gathered; // bytes on the bench
    private int mark = -1; // where the reserved room begins, or -1
    private boolean ended;

    Sealing(SecureSocket socket, Socket raw, SSLEngine engine, Workbench bench) {
        this.socket = socket;
        this.raw = raw;
        this.engine = engine;
        this.bench = bench;
    }

    /// {@return whether nothing more will go out}
    boolean isOver() {
        return ended;
    }

    EventLoop loop() {
        return raw.loop();
    }

    int gathered() {
        return gathered;
    }

    private boolean isRefused() {
        return ended || !socket.isUsable();
    }

    // ---- the user's wishes

    ByteBuffer reserve(int bytes) {
        socket.check();
        if (bytes < 0 || bytes > Socket.MAX_RESERVE) {
            throw new IllegalArgumentException("bytes must be 0.." + Socket.MAX_RESERVE + ": " + bytes);
        }
        ByteBuffer buffer = dropReserved();
        if (buffer.remaining() < bytes) {
            bench.giveBack(this);
            buffer = bench.gather(this);
        }
        mark = buffer.position();
        return buffer;
    }

    void commit() {
        socket.check();
        if (mark < 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (isRefused()) {
            dropReserved();
        } else {
            gathered += bench.gather(this).position() - mark;
            mark = -1;
        }
    }

    private ByteBuffer dropReserved() {
        ByteBuffer buffer = bench.gather(this);
        if (mark >= 0) {
            buffer.position(mark);
            mark = -1;
        }
        return buffer;
    }

    Promise<Socket> write(ByteBuffer bytes) {
        socket.check();
        if (isRefused()) {
            return socket.refusal();
        }
        if (bytes.remaining() > Socket.MAX_RESERVE) {
            flush();
            encrypt(bytes);
            return whenSent();
        }
        reserve(bytes.remaining()).put(bytes);
        commit();
        Resolver<Socket> resolver = Resolver.create();
        if (waiters.isEmpty()) {
            waiters = new ArrayList<>(2);
        }
        waiters.add(resolver);
        return resolver.promise();
    }

    private Promise<Socket> whenSent() {
        return socket.isUsable() ? raw.write(EMPTY).map(_ -> socket) : socket.refusal();
    }

    /// Says that nothing more comes.
    void end() {
        if (!ended) {
            flush();
            ended = true;
            engine.closeOutbound();
            answer();
            raw.end();
        }
    }

    // ---- the way out

    /// Borrows the write buffer of the loop, so that it is sent after the bench is cleared in this turn, not in the next.
    void announce() {
        raw.reserve(0);
        raw.commit();
    }

    /// Encrypts what is gathered, before something else goes out or comes in.
    void flush() {
        bench.giveBack(this);
    }

    /// The bench is wanted back.
    void seal(ByteBuffer plain) {
        if (mark >= 0) {
            plain.limit(mark);
            mark = -1;
        }
        gathered = 0;
        encrypt(plain);
        if (!waiters.isEmpty()) {
            List<Resolver<Socket>> batch = waiters;
            waiters = List.of();
            batch.forEach(each -> each.follow(whenSent()));
        }
    }

    private void encrypt(ByteBuffer plain) {
        try {
            while (plain.hasRemaining() && socket.isUsable()) {
                wrap(engine, plain, raw);
            }
        } catch (SSLException e) {
            socket.fail(e);
        }
        plain.position(plain.limit());
    }

    /// Sends what the engine has to say by itself: the answer to new keys, or to the end.
    void answer() {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
                wrap(engine, EMPTY, raw);
            }
        } catch (SSLException e) {
            socket.fail(e);
        }
    }

    /// Encrypts one record.
    static void wrap(SSLEngine engine, ByteBuffer plain, Socket raw) throws SSLException {
        SSLEngineResult result = engine.wrap(plain, raw.reserve(Records.MAX));
        raw.commit();
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            plain.position(plain.limit()); // the peer has ended, and TLS 1.2 ends both ways at once
        }
    }

    /// Rejects what waits to be encrypted.
    void fail(Throwable reason) {
        List<Resolver<Socket>> batch = waiters;
        waiters = List.of();
        batch.forEach(each -> each.reject(reason));
    }
}
