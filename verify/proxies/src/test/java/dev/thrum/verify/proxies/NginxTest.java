package dev.thrum.verify.proxies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.plugins.TrustedProxies;
import dev.thrum.web.Drain;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// nginx, with the configuration of the examples, in front of two ports and a Unix socket.
@Timeout(120)
class NginxTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> locals = ConcurrentHashMap.newKeySet();
    private final List<Server> servers = new ArrayList<>();
    private Path folder;
    private Proxy nginx;
    private String url;

    private WebApp app() {
        return WebApp.create()
                .install(TrustedProxies.forwardedFor("127.0.0.1", "unix"))
                .get("/", (request, response) -> {
                    locals.add(request.socket().local().toString());
                    response.send(TrustedProxies.client(request) + " " + TrustedProxies.scheme(request) + " " + TrustedProxies.host(request));
                })
                .post("/length", (request, response) -> response.send(request.bytes().map(bytes -> bytes.length + " bytes")));
    }

    @BeforeEach
    void start() throws Exception {
        folder = Files.createTempDirectory("thrum");
        Path socket = folder.resolve("s");
        for (Listener listener : List.of(
                Listener.http(0).withHost("127.0.0.1"),
                Listener.http(0).withHost("127.0.0.1"),
                Listener.unix(socket).withPermissions("rw-rw-rw-"))) {
            servers.add(app().start(listener));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x")); // workers are another user
        nginx = Proxy.nginx(
                folder, servers.get(0).ports().getFirst(), servers.get(1).ports().getFirst(), socket);
        url = "http://127.0.0.1:" + nginx.port();
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
        servers.forEach(server -> server.close(Duration.ZERO));
        try (var files = Files.walk(folder)) {
            for (Path path : files.toList().reversed()) {
                Files.delete(path);
            }
        }
    }

    private HttpResponse<String> get(String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/"));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString(UTF_8));
    }

    @Test
    @Tag("W-91")
    void allPortsAnswerAndKnowTheClient() throws Exception {
        for (int i = 0; i < 30; i++) {
            HttpResponse<String> answer = get("X-Forwarded-For", "203.0.113.9");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("203.0.113.9 http " + url.substring(7));
        }
        assertThat(locals).hasSize(3);
        long accepted = servers.stream().flatMap(server -> server.shares().stream()).mapToLong(Server.Share::accepted).sum();
        assertThat(accepted).as("connections are kept").isLessThan(30);
    }

    @Test
    @Tag("W-91")
    void bodiesStreamThroughAndGoOnlyToWhoIsThere() throws Exception {
        servers.get(0).close(Drain.standard());
        for (int i = 0; i < 10; i++) {
            HttpRequest upload = HttpRequest.newBuilder(URI.create(url + "/length"))
                    .POST(BodyPublishers.ofByteArray(new byte[200_000]))
                    .build();
            assertThat(client.send(upload, BodyHandlers.ofString()).body()).isEqualTo("200000 bytes");
            assertThat(get().statusCode()).isEqualTo(200);
        }
    }
}
