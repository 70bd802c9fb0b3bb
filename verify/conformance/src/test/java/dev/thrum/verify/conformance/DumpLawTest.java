package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.kernel.Kernel;
import dev.thrum.scope.Dump;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A dump of a whole process: who waits for whom, over all rooms.
@Timeout(120)
class DumpLawTest {
    private static final Duration PATIENCE = Duration.ofSeconds(4); // within which those that are not stuck must answer

    private final CountDownLatch entered = new CountDownLatch(2);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Kernel kernel = Kernel.start(1, config -> config.withName("reports"));
    private final Server server = WebApp.create()
            .named("shop")
            .get("/report/{id}", (request, response) -> response.send(kernel.in("yearly").submit(this::await)))
            .get("/park", (request, response) -> response.send(await()))
            .start(Listener.http(0).withHost("127.0.0.1"), Listener.http(0).withHost("127.0.0.1"));
    private final HttpClient client = HttpClient.newHttpClient();

    private String await() throws InterruptedException {
        entered.countDown();
        mayEnd.await();
        return "done";
    }

    private CompletableFuture<HttpResponse<String>> ask(int listener, String path) {
        URI uri = URI.create("http://127.0.0.1:" + server.ports().get(listener) + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "secret-header")
                .method("GET", BodyPublishers.ofString("secret-body"))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private static List<String> edges(JsonNode dump) {
        return dump.get("waits").valueStream()
                .map(edge -> edge.get("who").asString() + " -> " + edge.get("for").asString())
                .toList();
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
        server.close();
        kernel.close();
        client.close();
    }

    @Test
    @Tag("W-100")
    void aDumpTellsWhoWaitsForWhomThoughALoopIsStuck() throws InterruptedException, IOException {
        var report = ask(0, "/report/7?token=secret-query");
        var parked = ask(1, "/park");
        entered.await();

        Dump dump = Dump.take(PATIENCE);
        mayEnd.countDown();

        JsonNode json = JsonMapper.builder().build().readTree(dump.toJson());
        assertThat(edges(json))
                .anyMatch(edge -> edge.startsWith("GET /report/7, at loop 'shop-0' -> task of category yearly")
                        && edge.endsWith(" in worker reports-0"))
                .anyMatch(edge -> edge.startsWith("GET /report/7 -> a promise made at "))
                .anyMatch(edge -> edge.startsWith("task of category yearly") && edge.contains("CountDownLatch"))
                .anyMatch(edge -> edge.startsWith("all that belongs to loop 'shop-1' -> ") && edge.endsWith(", in GET /park"))
                .anyMatch(edge -> edge.startsWith("all that belongs to port ") && edge.endsWith(" -> loop 'shop-1'"));
        assertThat(json.get("servers").get(0).get("name").asString()).startsWith("shop on [");
        assertThat(json.get("connections").get(0).get("requests").get(0).asString()).startsWith("GET /report/7 ");
        assertThat(json.get("connections").get(1).get("answers").asBoolean()).isFalse();
        assertThat(json.get("loops").toString()).contains("DumpLawTest.await", "made at ");
        assertThat(dump.toJson()).doesNotContain("secret");
        assertThat(dump.toText()).doesNotContain("secret").contains("GET /report/7, at loop 'shop-0'  ->  task of ");
        assertThat(report.join().body()).isEqualTo("done");
        assertThat(parked.join().body()).isEqualTo("done");
    }
}
