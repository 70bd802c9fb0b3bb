package dev.thrum.verify.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.net.ProxyProtocol;
import dev.thrum.web.Drain;
import dev.thrum.web.Health;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// haproxy, with the configuration of the examples, in front of two ports.
@Timeout(120)
class HaproxyTest {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final List<Server> servers = new ArrayList<>();
    private Proxy haproxy;

    @BeforeEach
    void start() throws IOException {
        for (String name : List.of("first", "second")) {
            servers.add(WebApp.create()
                    .install(Health.at("/health"))
                    .get("/", (request, response) -> {
                        InetSocketAddress client = (InetSocketAddress) request.socket().remote();
                        response.send(name + " " + client.getPort());
                    })
                    .start(Listener.http(0).withHost("127.0.0.1").withProxyProtocol(ProxyProtocol.trusting("127.0.0.1"))));
        }
        haproxy = Proxy.haproxy(
                folder, servers.get(0).ports().getFirst(), servers.get(1).ports().getFirst());
    }

    @AfterEach
    void stop() {
        if (haproxy != null) {
            haproxy.close();
        }
        servers.forEach(server -> server.close(Duration.ZERO));
    }

    /// {@return who answered}
    private String ask() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), haproxy.port())) {
            client.getOutputStream().write(REQUEST);
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith(" " + client.getLocalPort());
            return answer.contains("\r\n\r\nfirst ") ? "first" : "second";
        }
    }

    @Test
    @Tag("W-92")
    void bothPortsAnswerAndKnowTheClientByItsPort() throws IOException {
        Set<String> answered = new HashSet<>();
        while (answered.size() < 2) {
            answered.add(ask());
        }
    }

    @Test
    @Tag("W-92")
    void aServerThatDrainsIsLeftWithoutAFailedRequest() throws Exception {
        Thread drain = Thread.ofVirtual()
                .start(() -> servers.getFirst().close(Drain.standard().withNotice(Duration.ofSeconds(1))));
        while (drain.isAlive()) {
            ask();
        }
        for (int i = 0; i < 20; i++) {
            assertThat(ask()).isEqualTo("second");
        }
    }
}
