package dev.thrum.verify.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.kernel.Kernel;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The law for a server, as the JDK's client sees it.
@Timeout(120)
class ServerLawTest {
    private final Kernel kernel = Kernel.start(2);
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final Server server = WebApp.create()
            .get("/", (request, response) -> response.send("hello"))
            .get("/square/{n:int}", (request, response) -> {
                int n = request.pathInt("n");
                response.send(kernel.submit(() -> n * n));
            })
            .get("/stuck", (request, response) -> response.send(kernel.in("stuck").submit(this::stuck)))
            .post("/echo", (request, response) -> response.send(request.bytes()))
            .start(Listener.http(0).withHost("127.0.0.1"));
    private final String url = "http://127.0.0.1:" + server.ports().getFirst();
    private final HttpClient client = HttpClient.newHttpClient();

    private boolean stuck() throws InterruptedException {
        running.countDown();
        try {
            return never.await(30, SECONDS);
        } catch (InterruptedException e) {
            end.complete("stopped");
            throw e;
        }
    }

    @AfterEach
    void stop() {
        never.countDown();
        server.close();
        kernel.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
    }

    @Test
    void aThousandRequestsAreAnsweredWithWhatTheyAskedFor() {
        List<CompletableFuture<String>> answers = IntStream.range(0, 1_000)
                .mapToObj(n -> HttpRequest.newBuilder(URI.create(url + "/square/" + n)).build())
                .map(request -> client.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body))
                .toList();

        for (int n = 0; n < 1_000; n++) {
            assertThat(answers.get(n).join()).isEqualTo(Integer.toString(n * n));
        }
    }

    @Test
    void aClientThatGoesAwayStopsTheWorkThatWasDoneForIt() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.ports().getFirst())) {
            socket.getOutputStream()
                    .write("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            running.await();
        }

        assertThat(end.get(60, SECONDS)).isEqualTo("stopped");
    }

    @Test
    void aKilledTaskIsAnsweredAndTheServerGoesOn() throws Exception {
        var answer = client.sendAsync(
                HttpRequest.newBuilder(URI.create(url + "/stuck")).build(), BodyHandlers.ofString());
        running.await();

        assertThat(kernel.kill("stuck")).isEqualTo(1);

        assertThat(answer.get(60, SECONDS).statusCode()).isBetween(500, 503);
        assertThat(get("/square/3").body()).isEqualTo("9");
    }

    @Test
    void aBodyOfUnknownLengthArrivesWhole() throws Exception {
        byte[] body = new byte[200_000];
        new java.util.Random(1).nextBytes(body);
        var request = HttpRequest.newBuilder(URI.create(url + "/echo"))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build();

        assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
    }

    @Test
    void theLoopAnswersWhileTheWorkersAreBusy() throws Exception {
        var busy = client.sendAsync(
                HttpRequest.newBuilder(URI.create(url + "/stuck")).build(), BodyHandlers.ofString());
        running.await();

        assertThat(get("/").body()).isEqualTo("hello");
        assertThat(busy).isNotDone();
    }
}
