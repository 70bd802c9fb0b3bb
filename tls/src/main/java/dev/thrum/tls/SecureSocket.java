package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// A TLS connection after its handshake: its life, and its two directions, [Opening] and [Sealing].
///
/// Loop thread only.
final class SecureSocket implements TlsSocket, Runnable {
    /*
     * User code is called from two places only: from the read callback of the socket below, and from run(), which catches
     * up at the end of a turn. So no callback runs inside a call of the user.
     *
     * The socket below outlives this one by a moment: after close() what waits is still sent, and the reader hears of the
     * end when that is done; after a failure the farewell is its reader, and ours hears of it at once.
     */
    private final Socket raw;
    private final SSLEngine engine;
    private final Scope scope;
    private final Opening in;
    private final Sealing out;
    private final Optional<String> serverName;
    private final List<X509Certificate> peer;
    private String cleared = ""; // a host that this is for
    private @Nullable IOException reason; // why closed, if not in order
    private boolean closing; // nothing more is read or written
    private boolean aborted;
    private boolean closed; // the reader may be told
    private boolean closeTold;
    private boolean catchUpDue;

    SecureSocket(Socket raw, SSLEngine engine, Scope scope, Workbench bench) {
        SSLSession session = engine.getSession();
        this.raw = raw;
        this.engine = engine;
        this.scope = scope;
        this.serverName = engine.getUseClientMode() ? NamedKeys.serverName(session) : AskedName.of(engine);
        this.peer = peer(session);
        this.in = new Opening(this, raw, engine, bench);
        this.out = new Sealing(this, raw, engine, bench);
    }

    private static List<X509Certificate> peer(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    Socket.Reader reader() {
        return in;
    }

    // ---- for the two directions

    void check() {
        if (!loop().isHere()) {
            throw new WrongThreadException(this + " belongs to " + loop() + ", called from thread '"
                    + Thread.currentThread().getName() + "'");
        }
    }

    boolean isUsable() {
        return !closing;
    }

    void inScope(Runnable body) {
        scope.run(body);
    }

    void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable problem) {
            loop().report(problem, scope);
        }
    }

    void flush() {
        out.flush();
    }

    void answer() {
        out.answer();
    }

    /// TLS 1.2 knows no half-close: the peer's end is ours.
    void endWriting() {
        out.end();
    }

    void catchUpLater() {
        if (!catchUpDue) {
            catchUpDue = true;
            loop().atTurnEnd(this);
        }
    }

    /// The end of a turn in which something was to be told.
    @Override
    public void run() {
        catchUpDue = false;
        scope.run(this::catchUp);
    }

    private void catchUp() {
        in.catchUp();
        Reader reader = in.reader();
        if (closed && !closeTold && reader != null) {
            closeTold = true;
            guarded(() -> reader.onClosed(reason));
        }
    }

    /// One direction has ended: if it was the last, that is the end.
    void afterDirection() {
        if (in.isOver() && out.isOver()) {
            close();
        }
    }

    void fail(IOException problem) {
        if (!closing) {
            closing = true;
            closed = true;
            IOException known = Failures.of(problem, raw, null);
            reason = known;
            out.flush();
            out.fail(known);
            Farewell.alert(engine, raw);
            Farewell.say(raw);
            catchUpLater();
        }
    }

    /// The socket below has ended.
    void rawClosed(@Nullable IOException why) {
        if (!closed) {
            // Whoever has heard the peer's end, and has closed, has lost nothing if the peer does not hear of it.
            reason = closing && !aborted && in.peerEnded() ? null : why;
            closing = true;
            closed = true;
            out.flush();
            catchUp();
        }
    }

    /// {@return why nothing can be written}
    Promise<Socket> refusal() {
        return reason == null ? raw.write(ByteBuffer.allocate(0)).map(_ -> this) : Promise.failed(reason);
    }

    // ---- Socket

    @Override
    public EventLoop loop() {
        return raw.loop();
    }

    @Override
    public SocketAddress remote() {
        return raw.remote();
    }

    @Override
    public SocketAddress local() {
        return raw.local();
    }

    @Override
    public boolean isOpen() {
        check();
        return !closing;
    }

    @Override
    public void ref() {
        raw.ref();
    }

    @Override
    public void unref() {
        raw.unref();
    }

    @Override
    public boolean isReferenced() {
        return raw.isReferenced();
    }

    @Override
    public <T> Optional<T> get(Key<T> key) {
        return raw.get(key);
    }

    @Override
    public <T> void put(Key<T> key, T value) {
        raw.put(key, value);
    }

    @Override
    public <T> T option(SocketOption<T> name) {
        return raw.option(name);
    }

    @Override
    public <T> void option(SocketOption<T> name, T value) {
        raw.option(name, value);
    }

    @Override
    public void timeouts(Duration reading, Duration writing) {
        raw.timeouts(reading, writing);
    }

    @Override
    public void read(Reader reader) {
        check();
        in.setReader(requireNonNull(reader, "reader"));
    }

    @Override
    public void pauseReading() {
        check();
        in.pause();
    }

    @Override
    public void resumeReading() {
        check();
        in.resume();
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return out.reserve(bytes);
    }

    @Override
    public void commit() {
        out.commit();
    }

    @Override
    public Promise<Socket> write(ByteBuffer bytes) {
        return out.write(requireNonNull(bytes, "bytes"));
    }

    @Override
    public long pending() {
        return raw.pending() + out.gathered();
    }

    @Override
    public boolean writable() {
        return isOpen() && pending() < HIGH_WATER;
    }

    @Override
    public void onDrained(Runnable action) {
        requireNonNull(action, "action");
        raw.onDrained(() -> scope.run(action));
    }

    @Override
    public void end() {
        check();
        if (!closing) {
            out.end();
            afterDirection();
        }
    }

    @Override
    public void close() {
        check();
        if (!closing) {
            out.end();
            closing = true;
            raw.close();
        }
    }

    @Override
    public void abort() {
        check();
        closing = true;
        aborted = true;
        raw.abort();
    }

    // ---- TlsSocket

    @Override
    public Optional<String> protocol() {
        String chosen = engine.getApplicationProtocol();
        return chosen == null || chosen.isEmpty() ? Optional.empty() : Optional.of(chosen);
    }

    @Override
    public String version() {
        return engine.getSession().getProtocol();
    }

    @Override
    public String cipher() {
        return engine.getSession().getCipherSuite();
    }

    @Override
    public Optional<String> serverName() {
        return serverName;
    }

    @Override
    public boolean isFor(String host) {
        check();
        if (host.equals(cleared) || host.isEmpty() || serverName.isEmpty()) {
            return true;
        }
        String name = NamedKeys.withoutPort(host);
        boolean isFor = name.equalsIgnoreCase(serverName.get()) || isCovered(name);
        if (isFor) {
            cleared = host;
        }
        return isFor;
    }

    private boolean isCovered(String name) {
        Certificate[] shown = engine.getSession().getLocalCertificates();
        return shown != null && shown.length > 0 && shown[0] instanceof X509Certificate own && NamedKeys.covers(own, name);
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return peer;
    }

    @Override
    public String toString() {
        return "TLS " + raw;
    }
}
