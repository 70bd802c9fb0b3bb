package dev.thrum.tls;

import dev.thrum.net.Socket;
import dev.thrum.scope.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The end of a connection that has failed: what comes is read and dropped for a while, so that the peer gets to see the
/// alert; closing at once would make the system send a reset, which overtakes it.
///
/// Loop thread only.
final class Farewell implements Socket.Reader {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Registration timer;

    private Farewell(Socket raw) {
        this.timer = raw.loop().schedule(PATIENCE, raw::abort);
    }

    static void say(Socket raw) {
        if (raw.isOpen()) {
            raw.end();
            raw.read(new Farewell(raw));
            raw.resumeReading();
        }
    }

    /// Sends what the engine has still to say.
    static void alert(SSLEngine engine, Socket raw) {
        try {
            engine.closeOutbound();
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
                Sealing.wrap(engine, EMPTY, raw);
            }
        } catch (SSLException e) {
            engine.closeOutbound(); // it has failed already, and told why
        }
    }

    @Override
    public void onRead(ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    public void onClosed(@Nullable IOException reason) {
        timer.close();
    }
}
