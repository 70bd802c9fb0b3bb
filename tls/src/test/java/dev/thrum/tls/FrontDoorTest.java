package dev.thrum.tls;

import static dev.thrum.tls.Exchange.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// S21: what attackers do at the front door of a TLS server, and what a careless client lets them do.
@Timeout(120)
class FrontDoorTest {
    private static final int NAMES = 100_000;
    private static final int SILENT = 200;

    @TempDir
    static Path folder;

    private static Authority authority;
    private static Tls server;
    private static Tls client;

    private final Exchange exchange = new Exchange();

    @BeforeAll
    static void sign() throws Exception {
        authority = new Authority("Thrum Test");
        server = Tls.of(Certificates.load(authority.sign("localhost").identity(folder)));
        client = Tls.create().withTrust(authority.trust());
    }

    private static byte[] record(int type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putShort((short) 0x303)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    /// Sends bytes, and reads until the server ends the connection.
    private void send(Tls server, byte[]... pieces) throws Exception {
        exchange.serve(server, socket -> exchange.log.add("through"), port -> {
            try (var socket = new java.net.Socket("127.0.0.1", port)) {
                socket.setSoTimeout(60_000);
                sendAll(socket.getOutputStream(), pieces);
                readToTheEnd(socket.getInputStream());
            }
        });
    }

    /// The server may break off in the middle.
    private void sendAll(OutputStream out, byte[]... pieces) {
        try {
            for (byte[] piece : pieces) {
                out.write(piece);
            }
        } catch (IOException e) {
            exchange.log.add("broken off");
        }
    }

    /// The server waits for a while, so that its alert is seen; for a slow sender perhaps not long enough.
    private static void readToTheEnd(InputStream in) {
        try {
            while (in.read() >= 0) {
                continue;
            }
        } catch (IOException brokenOff) {
            assertThat(brokenOff).hasMessageContaining("reset");
        }
    }

    // ---- the hello

    @Test
    @Tag("T-30")
    void refusesAHelloOfSixteenMegabytesByItsFirstNineBytes() throws Exception {
        byte[] nine = {22, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        send(server, nine);
        assertThat(exchange.log).containsExactly("server: Violation");
        assertThat(exchange.messages).anyMatch(text -> text.contains("a ClientHello of 16777215 bytes, more than 65536"));
    }

    @Test
    @Tag("T-30")
    void refusesAHugeHelloWhoseLengthIsHiddenInFragments() throws Exception {
        byte[] start = record(22, new byte[] {1});
        byte[] length = record(22, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff});
        byte[][] pieces = new byte[100][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = i == 0 ? start : i == 1 ? length : record(22, new byte[16_000]);
        }
        send(server, pieces);
        assertThat(exchange.log).contains("server: Violation").doesNotContain("through");
    }

    @Test
    @Tag("T-30")
    void boundsTheBytesOfAHandshake() throws Exception {
        byte[][] pieces = new byte[400][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = record(22, i == 0 ? new byte[] {1, 0, 3, 0} : new byte[] {0});
        }
        send(server.withHandshake(Handshake.DEFAULT.withMaxBytes(1024)), pieces);
        assertThat(exchange.messages).anyMatch(text -> text.contains("more than 1024 bytes in a handshake"));
    }

    @Test
    @Tag("T-30")
    void understandsAHelloInPiecesOfAByte() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.allocate(0), hello);
        hello.flip();
        var whole = new ByteArrayOutputStream();
        hello.position(5); // what follows the head of the record
        while (hello.hasRemaining()) {
            whole.writeBytes(record(22, new byte[] {hello.get()}));
        }
        exchange.serve(server, socket -> exchange.log.add("through"), port -> {
            try (var socket = new java.net.Socket("127.0.0.1", port)) {
                socket.getOutputStream().write(whole.toByteArray());
                assertThat(socket.getInputStream().read()).isEqualTo(22); // its hello
                socket.setSoLinger(true, 0);
            }
        });
        assertThat(exchange.log).hasSize(1).doesNotContain("through");
    }

    @Test
    @Tag("T-31")
    void saysThatHttpIsSpokenOnItsPort() throws Exception {
        send(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        assertThat(exchange.log).containsExactly("server: NotTls");
        assertThat(exchange.messages).anyMatch(text -> text.contains("probably HTTP"));
    }

    @Test
    @Tag("T-31")
    void refusesWhatIsNoRecordAndNoHello() throws Exception {
        send(server, new byte[] {22, 9, 9, 0, 1, 1});
        send(server, new byte[] {22, 3, 1, (byte) 0xff, (byte) 0xff});
        send(server, record(23, new byte[10]));
        send(server, record(22, new byte[] {2, 0, 0, 1, 0}));
        assertThat(exchange.log).containsExactly("server: NotTls", "server: Violation", "server: NotTls", "server: NotTls");
    }

    @Test
    @Tag("T-31")
    void aClientSaysThatTheServerDoesNotSpeakTls() {
        exchange.log.clear();
        EventLoop.run(loop -> {
            var plain = TcpServer.listen(loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> {
                raw.read(bytes -> bytes.position(bytes.limit()));
                raw.write(bytes("220 mail.example.org ready\r\n"));
            });
            int port = ((InetSocketAddress) plain.address()).getPort();
            client.connect(loop, InetSocketAddress.createUnresolved("localhost", port))
                    .recover(Throwable.class, problem -> {
                        plain.close();
                        return exchange.note("client", problem);
                    });
        });
        assertThat(exchange.log).containsExactly("client: NotTls");
    }

    // ---- half a handshake

    @Test
    @Tag("T-32")
    void aSilentClientIsGoneAtTheDeadline() throws Exception {
        Tls hasty = server.withHandshake(Handshake.DEFAULT.withLimit(Duration.ofMillis(100)));
        var ended = new CompletableFuture<String>();
        EventLoop.run(loop -> {
            int[] left = {SILENT};
            TcpServer[] listening = new TcpServer[1];
            listening[0] = TcpServer.listen(loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> hasty.server(raw)
                    .recover(TlsException.Timeout.class, problem -> {
                        if (--left[0] == 0) {
                            listening[0].close();
                        }
                        return null;
                    }));
            int port = ((InetSocketAddress) listening[0].address()).getPort();
            Exchange.start(ended, () -> stayHalfWay(port));
        });
        ended.get(60, TimeUnit.SECONDS);
    }

    private static void stayHalfWay(int port) throws IOException {
        List<java.net.Socket> sockets = new ArrayList<>();
        for (int i = 0; i < SILENT; i++) {
            var socket = new java.net.Socket("127.0.0.1", port);
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1, 0}, 0, i % 8);
            sockets.add(socket);
        }
        for (var socket : sockets) {
            assertThatThrownBy(() -> {
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("ended");
                }
            });
            socket.close();
        }
    }

    @Test
    @Tag("T-32")
    void aHandshakeDoesNotHoldTheLoop() throws Exception {
        var threads = new ArrayList<String>();
        exchange.run(server, socket -> socket.read(socket::write), client, "localhost", socket -> {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("thrum-tls-")) {
                    threads.add(thread.getName());
                    exchange.log.add(thread.isDaemon());
                }
            }
            socket.close();
        });
        assertThat(threads).hasSizeBetween(1, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        assertThat(exchange.log).containsOnly(true);
    }

    // ---- names

    @Test
    @Tag("T-33")
    void aHundredThousandNamesAreNotKept() throws Exception {
        NamedKeys keys = Certificates.load(authority.sign("*.example.org").identity(folder)).current();
        for (int i = 0; i < NAMES; i++) {
            assertThat(keys.find("n" + i + ".example.org")).hasSize(1);
            assertThat(keys.find("n" + i + ".example.com")).isEmpty();
        }
        assertThat(keys.names()).containsExactly("*.example.org");
    }

    @Test
    @Tag("T-33")
    void refusedNamesLeaveNothingBehind() throws Exception {
        Tls strict = server.withKnownNamesOnly();
        SSLContext context = authority.context();
        for (int i = 0; i < 20; i++) {
            String name = "n" + i + ".example.org";
            exchange.serve(strict, socket -> exchange.log.add("through"), port -> {
                try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName(name)));
                    socket.setSSLParameters(parameters);
                    assertThatThrownBy(socket::startHandshake).hasMessageContaining("unrecognized_name");
                }
            });
        }
        assertThat(exchange.log).hasSize(20).containsOnly("server: UnknownName");
    }

    @Test
    @Tag("T-33")
    void aClientChecksTheHostWithoutBeingAsked() {
        exchange.run(
                server, socket -> socket.read(socket::write), client, "example.org", socket -> exchange.log.add("through"));
        assertThat(exchange.log).contains("client: NameMismatch").doesNotContain("through");
    }

    // ---- after the handshake

    @Test
    @Tag("T-34")
    void refusesARenegotiation() throws Exception {
        exchange.serve(server, socket -> socket.read(echo(socket)), port -> {
            try (var socket = (SSLSocket) authority.context().getSocketFactory().createSocket("127.0.0.1", port)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.getOutputStream().write(7);
                assertThat(socket.getInputStream().read()).isEqualTo(7);
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (IOException e) {
                exchange.log.add("broken off");
            }
        });
        assertThat(exchange.log).contains("server: closed Violation");
        assertThat(exchange.messages).anyMatch(text -> text.contains("renegotiation is refused"));
    }

    private Socket.Reader echo(Socket socket) {
        return new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                socket.write(bytes);
            }

            @Override
            public void onClosed(IOException reason) {
                exchange.messages.add(String.valueOf(reason));
                exchange.recorder("server").onClosed(reason);
            }
        };
    }

    @Test
    @Tag("T-34")
    void aFloodOfRecordsWithoutDataEndsTheConnection() throws Exception {
        exchange.serve(server, socket -> socket.read(echo(socket)), port -> {
            try (var socket = new java.net.Socket("127.0.0.1", port)) {
                var peer = new RawPeer(socket, authority.context());
                peer.handshake();
                for (int i = 0; i < 100; i++) {
                    peer.sendNewKeys();
                }
                peer.readToTheEnd();
            } catch (IOException e) {
                exchange.log.add("broken off");
            }
        });
        assertThat(exchange.messages).anyMatch(text -> text.contains("records without data"));
    }

    @Test
    @Tag("T-34")
    void aForgedRecordEndsTheConnectionAndWhatCameBeforeIsDelivered() throws Exception {
        exchange.serve(server, socket -> socket.read(exchange.recorder("server")), port -> {
            try (var socket = new java.net.Socket("127.0.0.1", port)) {
                var peer = new RawPeer(socket, authority.context());
                peer.handshake();
                byte[] good = peer.sealed("good".getBytes(UTF_8));
                byte[] forged = record(23, new byte[50]);
                ByteBuffer both = ByteBuffer.allocate(good.length + forged.length).put(good).put(forged);
                socket.getOutputStream().write(both.array());
                peer.readToTheEnd();
            }
        });
        assertThat(exchange.log).containsExactly("server: good", "server: closed Violation");
    }
}
