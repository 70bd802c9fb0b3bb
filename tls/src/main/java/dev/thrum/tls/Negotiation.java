package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A handshake on its way, as the reader of the socket below.
///
/// Loop thread only, but for the work on the lane. While that goes on the socket below is not read, and nobody touches the
/// engine here. It ends once: by [#finish] or [#fail].
final class Negotiation implements Socket.Reader {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Tls tls;
    private final Socket raw;
    private final @Nullable String host; // what a client asks for
    private final Scope scope;
    private final Workbench bench;
    private final Resolver<TlsSocket> resolver;
    private final Registration deadline;
    private @Nullable SSLEngine engine; // once it is made; while working: the lane's
    private boolean working = true; // the lane is
    private volatile boolean over; // written by the loop; the lane need not work any more
    private int received; // bytes that the engine has taken

    private Negotiation(Tls tls, Socket raw, @Nullable String host) {
        EventLoop loop = raw.loop();
        this.tls = tls;
        this.raw = raw;
        this.host = host;
        this.scope = Scope.current().at(loop);
        this.bench = Workbench.here();
        this.resolver = scope.call(Resolver::create);
        this.deadline = loop.schedule(tls.handshake().limit(), this::timeOut);
    }

    static Promise<TlsSocket> start(Tls tls, Socket raw, @Nullable String host) {
        if (!raw.loop().isHere()) {
            throw new WrongThreadException(raw + " belongs to " + raw.loop() + ", called from thread '"
                    + Thread.currentThread().getName() + "'");
        }
        var negotiation = new Negotiation(tls, raw, host);
        negotiation.resolver.onCancel(_ -> raw.loop().post(negotiation::giveUp));
        raw.pauseReading();
        raw.read(negotiation);
        if (host == null && tls.engines().isReady()) {
            negotiation.prepare();
            negotiation.workDone(null);
        } else {
            negotiation.work(negotiation::prepare);
        }
        return negotiation.resolver.promise();
    }

    // ---- on the lane

    private void work(Runnable work) {
        working = true;
        raw.pauseReading();
        Lane.execute(() -> {
            Throwable problem = null;
            try {
                if (!over) {
                    work.run();
                }
            } catch (Throwable e) {
                problem = e;
            }
            Throwable result = problem;
            raw.loop().post(() -> workDone(result));
        });
    }

    private void prepare() {
        try {
            int port = raw.remote() instanceof InetSocketAddress inet ? inet.getPort() : -1;
            SSLEngine made = host == null ? tls.engines().server() : tls.engines().client(host, port);
            made.beginHandshake();
            engine = made;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private void runTasks() {
        SSLEngine ours = engine();
        for (Runnable task = ours.getDelegatedTask(); task != null; task = ours.getDelegatedTask()) {
            task.run();
        }
    }

    private SSLEngine engine() {
        return requireNonNull(engine, "engine");
    }

    // ---- at home

    private void workDone(@Nullable Throwable problem) {
        working = false;
        if (over) {
            return;
        }
        if (problem != null) {
            fail(problem);
            return;
        }
        advance(EMPTY);
        if (!over && !working) {
            raw.resumeReading();
        }
    }

    @Override
    public void onRead(ByteBuffer sealed) {
        if (!working && !over) {
            advance(sealed);
        }
    }

    /// Does what the engine asks for, until it needs more bytes, or the lane.
    private void advance(ByteBuffer sealed) {
        try {
            while (!over) {
                switch (engine().getHandshakeStatus()) {
                    case NEED_TASK -> {
                        work(this::runTasks);
                        return;
                    }
                    case NEED_WRAP -> Sealing.wrap(engine(), EMPTY, raw);
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!unwrap(sealed)) {
                            return;
                        }
                    }
                    case NOT_HANDSHAKING, FINISHED -> finish();
                }
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /// {@return whether there was a whole record}
    private boolean unwrap(ByteBuffer sealed) throws IOException {
        String peer = Failures.text(raw);
        if (received == 0 && host == null) {
            Records.checkHello(sealed, tls.handshake().maxBytes(), peer);
        } else {
            Records.check(sealed, peer);
        }
        if (!Records.isWhole(sealed)) {
            return false;
        }
        SSLEngineResult result = engine().unwrap(sealed, bench.opened());
        received += result.bytesConsumed();
        if (received > tls.handshake().maxBytes()) {
            throw new TlsException.Violation(
                    "more than " + tls.handshake().maxBytes() + " bytes in a handshake from " + peer, null);
        }
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new SSLException("the peer ended the handshake: " + result.getStatus());
        }
        return true;
    }

    // ---- the end

    private void finish() {
        over = true;
        deadline.close();
        raw.pauseReading(); // until somebody reads
        var socket = new SecureSocket(raw, engine(), scope, bench);
        raw.read(socket.reader());
        if (!resolver.resolve(socket)) {
            socket.abort();
        }
    }

    private void fail(Throwable problem) {
        if (!over) {
            over = true;
            deadline.close();
            if (engine != null && !working) {
                Farewell.alert(engine, raw);
            }
            Farewell.say(raw);
            resolver.reject(Failures.of(problem, raw, host));
        }
    }

    private void timeOut() {
        fail(new TlsException.Timeout(
                "no handshake within " + tls.handshake().limit() + ": " + Failures.text(raw), null));
        raw.abort();
    }

    private void giveUp() {
        if (!over) {
            over = true;
            deadline.close();
            raw.abort();
        }
    }

    @Override
    public void onEnd(Socket socket) {
        fail(new TlsException.Truncated("the peer left during the handshake: " + Failures.text(raw), null));
    }

    @Override
    public void onClosed(@Nullable IOException reason) {
        fail(reason != null
                ? reason
                : new TlsException.Truncated("the connection ended before the handshake did: " + Failures.text(raw), null));
    }
}
