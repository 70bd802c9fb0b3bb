package dev.thrum.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// A client that can send single records: an engine over blocking streams.
final class RawPeer {
    private final java.net.Socket socket;
    private final SSLEngine engine;
    private final ByteBuffer in = ByteBuffer.allocate(100_000).flip();

    RawPeer(java.net.Socket socket, SSLContext context) {
        this.socket = socket;
        this.engine = context.createSSLEngine("localhost", socket.getPort());
        engine.setUseClientMode(true);
    }

    void handshake() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> send(new byte[0]);
                default -> receive();
            }
        }
    }

    private void receive() throws IOException {
        if (!Records.isWhole(in)) {
            in.compact();
            int count = socket.getInputStream().read(in.array(), in.position(), in.remaining());
            if (count < 0) {
                throw new IOException("the server broke off");
            }
            in.position(in.position() + count).flip();
        } else {
            engine.unwrap(in, ByteBuffer.allocate(20_000));
        }
    }

    byte[] sealed(byte[] plain) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.wrap(plain), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    void send(byte[] plain) throws IOException {
        socket.getOutputStream().write(sealed(plain));
    }

    /// A record that contains no data, and is in order.
    void sendNewKeys() throws IOException {
        engine.beginHandshake();
        send(new byte[0]);
    }

    void readToTheEnd() throws IOException {
        InputStream stream = socket.getInputStream();
        while (stream.read() >= 0) {
            continue;
        }
    }
}
