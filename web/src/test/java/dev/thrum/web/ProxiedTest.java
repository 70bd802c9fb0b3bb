package dev.thrum.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.net.ProxyProtocol;
import dev.thrum.tls.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Listeners behind proxies that say whose connection they hand on, and connections that are handed to loops in turn.
@Timeout(120)
class ProxiedTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    private static final Listener PROXIED =
            Listener.http(0).withHost("127.0.0.1").withProxyProtocol(ProxyProtocol.trusting("127.0.0.1"));

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final WebApp app = WebApp.create().get("/", (request, response) -> response.send(request.remote().toString()));
    private Server server;

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
    }

    private int start(Listener listener) {
        server = app.start(listener);
        return server.ports().getFirst();
    }

    private static String line(int client) {
        return "PROXY TCP4 192.0.2." + client + " 198.51.100.2 56324 443\r\n";
    }

    private static String ask(RawClient client, String request) throws IOException {
        client.write(request);
        return client.read(true).body();
    }

    @Test
    @Tag("W-89")
    void requestsAndHooksSeeTheClient() throws IOException {
        app.on(Event.Connected.class, "log", event -> log.add(event.socket().remote().toString()));
        try (RawClient client = new RawClient(start(PROXIED))) {
            assertThat(ask(client, line(1) + GET + GET)).isEqualTo("/192.0.2.1:56324");
            assertThat(client.read(true).body()).isEqualTo("/192.0.2.1:56324");
        }
        assertThat(log).containsExactly("/192.0.2.1:56324");
    }

    @Test
    @Tag("W-89")
    void limitsCountTheClientAndNotItsProxy() throws IOException {
        app.admission(Admission.standard().withPerAddress(1));
        int port = start(PROXIED);
        try (RawClient first = new RawClient(port)) {
            ask(first, line(1) + GET);
            try (RawClient second = new RawClient(port)) {
                assertThatThrownBy(() -> ask(second, line(1) + GET)).isInstanceOf(IOException.class);
            }
            try (RawClient other = new RawClient(port)) {
                assertThat(ask(other, line(2) + GET)).isEqualTo("/192.0.2.2:56324");
            }
        }
        assertThat(server.turnedAway()).isEqualTo(1);
    }

    @Test
    @Tag("W-89")
    void whoDoesNotIntroduceItsClientIsSentAwayAndLeavesNothing() throws IOException {
        app.admission(Admission.standard().withConnections(1));
        int port = start(PROXIED);
        for (int i = 1; i <= 3; i++) {
            try (RawClient client = new RawClient(port)) {
                assertThatThrownBy(() -> ask(client, GET)).isInstanceOf(IOException.class);
            }
            while (server.lost() < i) {
                Thread.onSpinWait();
            }
        }
        try (RawClient client = new RawClient(port)) {
            assertThat(ask(client, line(1) + GET)).isEqualTo("/192.0.2.1:56324");
        }
        assertThat(server.turnedAway()).isZero();
    }

    @Test
    @Tag("W-89")
    void theHeaderComesBeforeTheHandshake() throws IOException {
        int port = start(PROXIED.withTls(Tls.of(TlsClient.load(folder, "shop"))));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(line(7).getBytes(US_ASCII));
            SSLSocket secure = (SSLSocket) TlsClient.context().getSocketFactory().createSocket(socket, "shop.example", port, true);
            try (RawClient client = new RawClient(TlsClient.handshake(secure, "shop.example"))) {
                assertThat(ask(client, GET)).isEqualTo("/192.0.2.7:56324");
            }
        }
    }

    @Test
    @Tag("W-83")
    void aProxyThatSaysNothingDoesNotHoldUpTheEnd() throws IOException {
        try (RawClient silent = new RawClient(start(PROXIED))) {
            server.close(Drain.standard().withQuiet(Duration.ofMillis(10)).withGrace(Duration.ofDays(1)));
            assertThat(server.life()).isEqualTo(Server.Life.CLOSED);
            assertThatThrownBy(() -> silent.read(true)).isInstanceOf(IOException.class);
        }
    }

    // ---- in turn

    @Test
    @Tag("W-88")
    void oneLoopAcceptsAndEachGetsAsManyAsAnyOther() throws IOException {
        int port = start(Listener.http(0).withHost("127.0.0.1").withLoops(3).withTurns());
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(new RawClient(port));
            assertThat(ask(clients.getLast(), GET)).startsWith("/127.0.0.1:");
        }
        assertThat(server.shares()).extracting(Server.Share::accepted).containsExactly(10L, 10L, 10L);
        assertThat(server.shares()).extracting(Server.Share::port).containsOnly(port);
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    @Tag("W-88")
    void whoWaitsToBeHandedOnIsServedAtTheEnd() throws Exception {
        int port = start(Listener.http(0).withHost("127.0.0.1").withLoops(3).withTurns());
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            clients.add(new RawClient(port));
            clients.getLast().write(GET);
        }
        server.close(Drain.standard().withGrace(Duration.ofSeconds(60)));
        for (RawClient client : clients) {
            assertThat(client.read(true).status()).isEqualTo(200);
            client.close();
        }
    }
}
