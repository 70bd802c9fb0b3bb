package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the client of the JDK makes of our answers. It asks for an upgrade to HTTP/2 with every request, which we leave alone.
class JdkClientTest {
    private static Site site;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        site = Site.start();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    @AfterEach
    void closeClient() {
        client.shutdownNow();
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create(site.url(path))).timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String post(String path, BodyPublisher body) throws Exception {
        HttpResponse<String> answer = ask(at(path).POST(body));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void readsAnswersOfAllKinds() throws Exception {
        assertThat(ask(at("/")).body()).isEqualTo("hello");
        assertThat(ask(at("/")).version()).isEqualTo(Version.HTTP_1_1);
        assertThat(ask(at("/stream")).body()).isEqualTo("one two");
        assertThat(ask(at("/large")).body()).hasSize(Site.LARGE);
        assertThat(ask(at("/pieces")).body()).hasSize(Site.LARGE);
        assertThat(ask(at("/gone")).statusCode()).isEqualTo(204);
    }

    @Test
    void isContentWithTheHeadAlone() throws Exception {
        HttpResponse<String> answer = ask(at("/").HEAD());

        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(5);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void loadsAFile() throws Exception {
        HttpResponse<byte[]> answer = client.send(at("/file").build(), BodyHandlers.ofByteArray());

        assertThat(answer.body()).isEqualTo(Files.readAllBytes(site.noise()));
    }

    @Test
    void sendsBodiesOfKnownLengthAndInChunks() throws Exception {
        assertThat(post("/length", BodyPublishers.ofByteArray(new byte[100_000]))).isEqualTo("100000 bytes");
        assertThat(post("/length", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[70_000]))))
                .isEqualTo("70000 bytes");
        assertThat(post("/length", BodyPublishers.noBody())).isEqualTo("0 bytes");
    }

    @Test
    void uploadsTenMebibytes() throws Exception {
        byte[] noise = Files.readAllBytes(site.noise());

        assertThat(post("/upload", BodyPublishers.ofFile(site.noise()))).isEqualTo(site.received());
        assertThat(post("/upload", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(noise))))
                .isEqualTo(site.received());
    }

    @Test
    void waitsForTheWordToGoOn() throws Exception {
        HttpResponse<String> answer =
                ask(at("/length").expectContinue(true).POST(BodyPublishers.ofString("hello")));

        assertThat(answer.body()).isEqualTo("5 bytes");
    }

    @Test
    void seesWhatIsWrong() throws Exception {
        assertThat(ask(at("/none")).statusCode()).isEqualTo(404);
        assertThat(ask(at("/").DELETE()).statusCode()).isEqualTo(405);
        assertThat(ask(at("/").DELETE()).headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(ask(at("/length").expectContinue(true).POST(BodyPublishers.ofByteArray(new byte[3 << 20])))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void asksManyTimesAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 500)
                .mapToObj(i -> client.sendAsync(at(i % 2 == 0 ? "/" : "/stream").build(), BodyHandlers.ofString()))
                .toList();

        assertThat(answers.stream().map(answer -> answer.join().body()).distinct()).containsOnly("hello", "one two");
    }
}
