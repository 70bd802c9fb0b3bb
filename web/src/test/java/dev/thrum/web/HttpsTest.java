package dev.thrum.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.Timeouts;
import dev.thrum.loop.EventLoop;
import dev.thrum.scope.Registration;
import dev.thrum.tls.Certificates;
import dev.thrum.tls.ClientAuth;
import dev.thrum.tls.Identity;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsSocket;
import dev.thrum.tls.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Filter;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Listeners that speak TLS.
@Timeout(120)
class HttpsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    private final WebApp app = WebApp.create()
            .named("shop")
            .get("/", (request, response) -> response.send(request.scheme() + "://" + request.host()));
    private Certificates certificates;
    private Server server;

    @TempDir
    Path folder;

    @BeforeEach
    void load() throws IOException {
        certificates = TlsClient.load(folder, "shop", "forum");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    private Listener https() {
        return Listener.https(0, certificates).withHost("127.0.0.1");
    }

    private int port() {
        if (server == null) {
            server = app.start(https());
        }
        return server.ports().getFirst();
    }

    private static String ask(int port, String name) throws IOException {
        try (RawClient client = new RawClient(TlsClient.connect(port, name))) {
            client.write(GET);
            return client.read(true).body();
        }
    }

    @Test
    @Tag("W-80")
    void aRequestOverTlsKnowsThatItIsOne() throws IOException {
        try (SSLSocket socket = TlsClient.connect(port(), "shop.example");
                RawClient client = new RawClient(socket)) {
            client.write(GET + GET);

            assertThat(client.read(true).body()).isEqualTo("https://shop.example");
            assertThat(client.read(true).body()).isEqualTo("https://shop.example");
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    @Tag("W-80")
    void theNameThatAClientAsksForDecidesWhatItIsShown() throws IOException {
        assertThat(TlsClient.subject(port(), "www.shop.example")).isEqualTo("CN=shop");
        assertThat(TlsClient.subject(port(), "forum.example")).isEqualTo("CN=forum");
    }

    @Test
    @Tag("W-81")
    void newCertificatesAreTakenOnAllListenersAndConnectionsLiveOn() throws Exception {
        server = app.start(https().withLoops(2), https(), Listener.http(0).withHost("127.0.0.1"));
        assertThat(server.certificates()).containsExactly(certificates);
        try (RawClient before = new RawClient(TlsClient.connect(port(), "shop.example"))) {
            TlsClient.copy("shop-renewed", folder.resolve("shop.pem"));

            for (int port : server.ports().subList(0, 2)) {
                while (!TlsClient.subject(port, "shop.example").equals("CN=shop-renewed")) {
                    assertThat(ask(port, "shop.example")).isEqualTo("https://shop.example");
                }
                assertThat(ask(port, "shop.example")).isEqualTo("https://shop.example");
            }
            before.write(GET);
            assertThat(before.read(true).status()).isEqualTo(200);
        }
        assertThat(server.certificates().getFirst().generation()).isEqualTo(2);
        assertThat(server.certificates().getFirst().notAfter()).isAfter("2100-01-01T00:00:00Z");
    }

    @Test
    @Tag("W-81")
    void aBadFileIsRefusedAndToldAndTheOldCertificatesAreKept() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Logger log = Logger.getLogger("dev.thrum.tls");
        Filter former = log.getFilter();
        log.setFilter(record -> {
            told.countDown();
            return false;
        });
        try {
            port();
            Files.writeString(folder.resolve("shop.pem"), "rubbish");
            assertThat(told.await(60, SECONDS)).isTrue();
        } finally {
            log.setFilter(former);
        }
        assertThat(ask(port(), "shop.example")).isEqualTo("https://shop.example");
        assertThat(server.certificates().getFirst().generation()).isEqualTo(1);
    }

    @Test
    @Tag("W-81")
    void nobodyLooksAtTheFilesWhenTheServerHasEnded() throws Exception {
        server = app.start(https());
        server.close(Duration.ZERO);
        CountDownLatch looked = new CountDownLatch(1);
        Certificates others = Certificates.load(Identity.pem(folder.resolve("forum.pem")));
        TlsClient.copy("shop-renewed", folder.resolve("shop.pem"));
        TlsClient.copy("alice", folder.resolve("forum.pem"));
        Registration watch = others.watch(Duration.ofMillis(1_100), outcome -> looked.countDown()); // one thread looks for all
        assertThat(looked.await(60, SECONDS)).isTrue();
        watch.close();
        assertThat(certificates.generation()).isEqualTo(1);
    }

    @Test
    @Tag("W-82")
    void aHandshakeCountsAsAConnection() throws Exception {
        app.admission(Admission.standard().withConnections(1));
        try (Socket silent = new Socket("127.0.0.1", port())) {
            assertThatThrownBy(() -> ask(port(), "shop.example")).isInstanceOf(IOException.class);
            assertThat(server.turnedAway()).isPositive();

            silent.getOutputStream().write(new byte[] {22, 3, 1, 0, 1, 99}); // no hello
            assertThat(silent.getInputStream().readAllBytes()).isNotEmpty(); // an alert
        }
        while (server.lost() == 0) {
            Thread.onSpinWait();
        }
        assertThat(ask(port(), "shop.example")).isEqualTo("https://shop.example");
        assertThat(server.lost()).isEqualTo(1);
    }

    @Test
    @Tag("W-82")
    void whoSaysNothingIsSentAwayInTime() throws Exception {
        app.timeouts(Timeouts.standard().withHead(Duration.ofMillis(50)));
        try (Socket silent = new Socket("127.0.0.1", port())) {
            assertThatThrownBy(() -> {
                        if (silent.getInputStream().read() < 0) {
                            throw new IOException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        while (server.lost() == 0) {
            Thread.onSpinWait();
        }
        assertThat(server.lost()).isEqualTo(1);
    }

    @Test
    @Tag("W-82")
    void whoSpeaksPlainHttpThereIsToldSo() throws IOException {
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            RawClient.Answer answer = client.read(true);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).endsWith("\"detail\":\"this port speaks HTTPS, not HTTP\"}");
        }
    }

    @Test
    @Tag("W-83")
    void whoHasSaidNothingDoesNotHoldUpTheEnd() throws Exception {
        try (Socket silent = new Socket("127.0.0.1", port())) {
            long patience = Duration.ofDays(1).toSeconds();
            server.close(Drain.standard().withQuiet(Duration.ofMillis(10)).withGrace(Duration.ofSeconds(patience)));

            assertThat(silent.isConnected()).isTrue();
            assertThat(server.life()).isEqualTo(Server.Life.CLOSED);
        }
    }

    @Test
    @Tag("W-83")
    void aHandshakeOnItsWayIsWaitedForAndItsRequestServed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Drain patient = Drain.standard().withQuiet(Duration.ofDays(1)).withGrace(Duration.ofDays(1)); // the client may be slow
        try (ServerSocket relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = port();
            Thread.ofVirtual().start(() -> relay(relay, port, begun, mayGoOn));
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> closing(relay.getLocalPort()), Thread::startVirtualThread);
            begun.await();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> server.close(patient), Thread::startVirtualThread);
            while (server.life() != Server.Life.CLOSING) {
                Thread.onSpinWait();
            }
            mayGoOn.countDown();

            assertThat(answer.get(60, SECONDS)).isEqualTo("https://shop.example, close");
            closed.get(60, SECONDS);
        }
    }

    private static String closing(int port) {
        try (RawClient client = new RawClient(TlsClient.connect(port, "shop.example"))) {
            client.write(GET);
            RawClient.Answer answer = client.read(true);
            return answer.body() + ", " + answer.header("Connection").orElse("keep-alive");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Hands on the first bytes of a hello, and the rest when it may.
    private static void relay(ServerSocket relay, int port, CountDownLatch begun, CountDownLatch mayGoOn) {
        try (Socket client = relay.accept();
                Socket to = new Socket("127.0.0.1", port)) {
            OutputStream out = to.getOutputStream();
            out.write(client.getInputStream().readNBytes(20));
            begun.countDown();
            mayGoOn.await();
            Thread back = Thread.ofVirtual().start(() -> copy(to, client));
            copy(client, to);
            back.join();
        } catch (IOException | InterruptedException e) {
            begun.countDown();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of the two has gone
        }
    }

    @Test
    @Tag("W-86")
    void aConnectionForOneHostTakesNoRequestForAnother() throws IOException {
        app.onHost("*.shop.example", hosts -> hosts.get("/part", (request, response) -> response.send("part")));
        try (RawClient client = new RawClient(TlsClient.connect(port(), "shop.example"))) {
            for (String host : new String[] {"forum.example", "evil.example", "a.b.shop.example", "[::1]", "192.0.2.1"}) {
                client.write("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.read(true).status()).as(host).isEqualTo(421);
            }
            for (String host : new String[] {"shop.example:99", "SHOP.example", "www.shop.example", "127.0.0.1:1", "localhost"}) {
                client.write("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.read(true).status()).as(host).isEqualTo(200);
            }
            client.write("GET /part HTTP/1.1\r\nHost: one.shop.example\r\n\r\n");
            assertThat(client.read(true).body()).isEqualTo("part");
        }
    }

    @Test
    @Tag("W-86")
    void whoAsksForNoNameIsServed() throws IOException {
        SSLSocket socket = (SSLSocket) TlsClient.context().getSocketFactory().createSocket("127.0.0.1", port());
        try (RawClient client = new RawClient(socket)) {
            client.write("GET / HTTP/1.1\r\nHost: any.example\r\n\r\n");
            assertThat(client.read(true).status()).isEqualTo(200);
        }
    }

    @Test
    @Tag("W-84")
    void aHandlerSeesTheCertificateOfItsClient() throws Exception {
        Certificates alice = Certificates.load(Identity.pem(TlsClient.copy("alice", folder.resolve("alice.pem"))));
        app.get("/who", (request, response) -> response.send(((TlsSocket) request.socket())
                .peerCertificates()
                .getFirst()
                .getSubjectX500Principal()
                .getName()));
        Path authority = TlsClient.copy("authority", folder.resolve("authority.pem"));
        Tls tls = Tls.of(certificates).withClientAuth(ClientAuth.REQUIRED).withTrust(Trust.pem(authority));
        server = app.start(Listener.http(0).withHost("127.0.0.1").withTls(tls));

        assertThat(get(Tls.of(alice).withTrust(Trust.pem(authority)), port(), "/who")).endsWith("CN=alice");
        assertThatThrownBy(() -> ask(port(), "shop.example")).isInstanceOf(IOException.class);
    }

    /// Asks with a client of ours.
    private static String get(Tls tls, int port, String path) {
        StringBuilder answer = new StringBuilder();
        EventLoop.run(loop -> tls.connect(loop, new InetSocketAddress("127.0.0.1", port)).tap(socket -> {
            socket.write(US_ASCII.encode("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"));
            socket.read(bytes -> answer.append(US_ASCII.decode(bytes)));
        }));
        return answer.toString();
    }

    @Test
    void aListenerNeedsCertificates() {
        assertThatThrownBy(() -> Listener.http(0).withTls(Tls.create())).hasMessageStartingWith("a listener's TLS must have");
    }
}
