package dev.thrum.verify.bench.server;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.tls.Certificates;
import dev.thrum.tls.Identity;
import dev.thrum.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Sends back what comes over TLS, on one loop.
public final class ThrumTlsEcho {

    /// The password of the key store that the system property [#STORE] names.
    static final String PASSWORD = "thrum-bench";

    /// Names the key store.
    static final String STORE = "thrum.bench.store";

    private ThrumTlsEcho() {}

    static Path store() {
        return Path.of(requireNonNull(System.getProperty(STORE), STORE));
    }

    /// Serves until the process ends.
    /// @param arguments port, and a number that is ignored
    /// @throws IOException if the key store cannot be read
    public static void main(String[] arguments) throws IOException {
        Tls tls = Tls.of(Certificates.load(Identity.pkcs12(store(), PASSWORD)));
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        EventLoop.run(loop -> TcpServer.listen(loop, address, ListenConfig.DEFAULT, raw -> tls.server(raw)
                .tap(socket -> socket.read(bytes -> {
                    while (bytes.hasRemaining()) {
                        int count = Math.min(bytes.remaining(), Socket.MAX_RESERVE);
                        socket.reserve(count).put(bytes.slice(bytes.position(), count));
                        socket.commit();
                        bytes.position(bytes.position() + count);
                    }
                }))
                .recover(IOException.class, problem -> null)));
    }
}
