package dev.thrum.tls;

import static dev.thrum.tls.Exchange.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the JDK's own blocking sockets, on threads of their own.
@Timeout(120)
class ForeignTest {
    @TempDir
    static Path folder;

    private static Authority authority;
    private static Authority.Signed signed;
    private static Tls server;
    private static Tls client;

    private final Exchange exchange = new Exchange();

    @BeforeAll
    static void sign() throws Exception {
        authority = new Authority("Thrum Test");
        signed = authority.sign("localhost", "127.0.0.1");
        server = Tls.of(Certificates.load(signed.identity(folder)));
        client = Tls.create().withTrust(authority.trust());
    }

    private static SSLSocket dial(int port, String version) throws Exception {
        var socket = (SSLSocket) authority.context(signed).getSocketFactory().createSocket("127.0.0.1", port);
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(60_000);
        return socket;
    }

    /// What a foreign server does with its only connection.
    private interface Serving {
        void use(SSLSocket socket) throws Exception;
    }

    private void connect(String version, Serving serving, Consumer<TlsSocket> onClient)
            throws Exception {
        try (var listening = (SSLServerSocket) authority.context(signed).getServerSocketFactory().createServerSocket(0)) {
            listening.setEnabledProtocols(new String[] {version});
            var done = new CompletableFuture<String>();
            Exchange.start(done, () -> {
                try (var socket = (SSLSocket) listening.accept()) {
                    socket.setSoTimeout(60_000);
                    serving.use(socket);
                }
            });
            exchange.connect(listening.getLocalPort(), client, "localhost", onClient);
            done.get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-1")
    void servesAForeignClientAndEndsInOrder(String version) throws Exception {
        exchange.serve(server, socket -> socket.read(new Echo(exchange, socket)), port -> {
            try (var socket = dial(port, version)) {
                socket.getOutputStream().write("hello".getBytes(UTF_8));
                assertThat(socket.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(UTF_8));
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes()).isEmpty(); // the end, not a truncation
            }
        });
        assertThat(exchange.log).containsExactly("end", "closed null");
    }

    /// Sends everything back, and writes down the end.
    private record Echo(Exchange exchange, Socket socket) implements Socket.Reader {
        @Override
        public void onRead(ByteBuffer bytes) {
            socket.write(bytes);
        }

        @Override
        public void onEnd(Socket ended) {
            exchange.log.add("end");
            ended.close();
        }

        @Override
        public void onClosed(IOException reason) {
            exchange.log.add("closed " + reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-1")
    void asksAForeignServerAndHearsItsEnd(String version) throws Exception {
        connect(
                version,
                socket -> {
                    byte[] heard = socket.getInputStream().readNBytes(5);
                    socket.getOutputStream().write(heard);
                },
                socket -> {
                    socket.read(exchange.recorder("client"));
                    socket.write(bytes("hello"));
                });
        assertThat(exchange.log).containsExactly("client: hello", "client: end", "client: closed");
    }

    @Test
    @Tag("T-6")
    void sendsAndReceivesMoreThanFitsAnywhere() throws Exception {
        int size = 2_000_000;
        exchange.serve(server, socket -> socket.read(new Echo(exchange, socket)), port -> {
            try (var socket = dial(port, "TLSv1.3")) {
                var done = new CompletableFuture<String>();
                Exchange.start(done, () -> socket.getOutputStream().write(new byte[size]));
                assertThat(socket.getInputStream().readNBytes(size)).hasSize(size);
                done.get(60, TimeUnit.SECONDS);
            }
        });
    }

    @Test
    @Tag("T-10")
    void followsAPeerThatChangesItsKeys() throws Exception {
        exchange.serve(server, socket -> socket.read(new Echo(exchange, socket)), port -> {
            try (var socket = dial(port, "TLSv1.3")) {
                for (int i = 0; i < 5; i++) {
                    socket.getOutputStream().write(i);
                    assertThat(socket.getInputStream().read()).isEqualTo(i);
                    socket.startHandshake(); // new keys, with TLS 1.3
                }
            }
        });
        assertThat(exchange.log).containsExactly("end", "closed null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-11")
    void resumesASessionWithoutShowingItsCertificateAgain(String version) throws Exception {
        var verified = new Counting();
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {verified}, null);
        var done = new CompletableFuture<String>();
        EventLoop.run(loop -> {
            int[] left = {2};
            TcpServer[] listening = new TcpServer[1];
            listening[0] = TcpServer.listen(loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> {
                if (--left[0] == 0) {
                    listening[0].close();
                }
                server.server(raw).tap(socket -> socket.read(new Echo(exchange, socket)));
            });
            int port = ((InetSocketAddress) listening[0].address()).getPort();
            Exchange.start(done, () -> {
                for (int i = 0; i < 2; i++) {
                    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                        socket.setEnabledProtocols(new String[] {version});
                        socket.getOutputStream().write(1);
                        assertThat(socket.getInputStream().read()).isEqualTo(1);
                    }
                }
            });
        });
        done.get(60, TimeUnit.SECONDS);
        assertThat(verified.count).isEqualTo(1);
    }

    /// Counts the certificates that it believes, on one thread.
    private static final class Counting extends X509ExtendedTrustManager {
        int count;

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
            count++;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            count++;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            count++;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    @Tag("T-8")
    void aConnectionThatEndsWithoutAWordIsAnError() throws Exception {
        var plain = new java.net.Socket();
        exchange.serve(server, socket -> socket.read(exchange.recorder("server")), port -> {
            plain.connect(new InetSocketAddress("127.0.0.1", port));
            var socket = (SSLSocket) authority.context().getSocketFactory().createSocket(plain, "localhost", port, false);
            socket.getOutputStream().write("part".getBytes(UTF_8));
            plain.shutdownOutput(); // as an attacker would
            InputStream alert = plain.getInputStream();
            while (alert.read() >= 0) {
                continue;
            }
        });
        plain.close();
        assertThat(exchange.log).containsExactly("server: part", "server: closed Truncated");
    }

    @Test
    @Tag("T-5")
    void aForeignClientWithoutACertificateIsToldWhy() throws Exception {
        Tls mutual = server.withTrust(authority.trust()).withClientAuth(ClientAuth.REQUIRED);
        exchange.serve(mutual, socket -> exchange.log.add("through"), port -> {
            try (var socket = (SSLSocket) authority.context().getSocketFactory().createSocket("127.0.0.1", port)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class).hasMessageContaining("alert");
            }
        });
        assertThat(exchange.log).containsExactly("server: CertificateRequired");
    }
}
