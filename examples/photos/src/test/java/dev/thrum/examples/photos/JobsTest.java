package dev.thrum.examples.photos;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernel, as a client sees it.
@Timeout(120)
class JobsTest {
    @TempDir
    Path temp;

    private Path directory;
    private Demo demo;

    @BeforeEach
    void start() throws IOException {
        directory = temp.resolve("photos");
        demo = new Demo(directory);
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    @Test
    void fibIsComputed() throws Exception {
        assertThat(demo.get("/fib/20").text()).isEqualTo("{\"n\":20,\"fib\":6765}");
        assertThat(demo.get("/fib/0").json("fib")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fib/51", "/fib/-1"})
    void fibHasItsLimits(String path) throws Exception {
        Demo.Answer answer = demo.get(path);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json("detail")).startsWith("n must be 0..50: ");
    }

    @Test
    void fibOfAWordIsNotFound() throws Exception {
        assertThat(demo.get("/fib/ten").status()).isEqualTo(404);
    }

    @Test
    void idleWorkersRunNothing() throws Exception {
        assertThat(demo.get("/jobs").text())
                .startsWith("{\"workers\":2,\"queued\":0")
                .endsWith("\"running\":[]}");
    }

    @Test
    void aRunningJobIsShownCountedAndKilled() throws Exception {
        CompletableFuture<Demo.Answer> fib = inBackground("/fib/50");
        Demo.Answer jobs = jobsWith("fib");
        assertThat(jobs.text()).contains("\"category\":\"fib\",\"priority\":\"DEFAULT\"");
        assertThat(demo.delete("/jobs/fib?dry-run=true").text())
                .isEqualTo("{\"category\":\"fib\",\"killed\":1,\"dryRun\":true}");
        assertThat(demo.delete("/jobs/thumbnail").json("killed")).isEqualTo("0");
        assertThat(demo.delete("/jobs/fib").json("killed")).isEqualTo("1");
        assertThat(fib.get(60, SECONDS).status()).isEqualTo(503);
        assertThat(fib.join().json("detail")).isEqualTo("the job was killed by an operator");
        assertThat(demo.get("/jobs").json("killed")).isEqualTo("1");
        assertThat(demo.get("/fib/10").json("fib")).isEqualTo("55");
    }

    @Test
    void otherPortsAnswerWhileAllWorkersAreBusy() throws Exception {
        CompletableFuture<Demo.Answer> first = inBackground("/fib/50");
        CompletableFuture<Demo.Answer> second = inBackground("/fib/50");
        while (!demo.delete("/jobs/fib?dry-run=true").json("killed").equals("2")) {
            Thread.onSpinWait();
        }
        for (int port = 0; port < demo.ports(); port++) {
            assertThat(demo.get(demo.uri(port, "/photos")).status()).isEqualTo(200);
        }
        assertThat(demo.delete("/jobs/fib").json("killed")).isEqualTo("2");
        CompletableFuture.allOf(first, second).get(60, SECONDS);
    }

    @Test
    void aKilledUploadLeavesNothing() throws Exception {
        CompletableFuture<Demo.Answer> upload = demo.posting("image/png", large());
        jobsWith("thumbnail");
        assertThat(demo.get("/photos").text()).contains("\"complete\":false");
        assertThat(demo.delete("/jobs/thumbnail").json("killed")).isEqualTo("1");
        assertThat(upload.get(60, SECONDS).status()).isEqualTo(503);
        assertThat(demo.get("/photos").json("total")).isEqualTo("0");
        demo.close();
        assertThat(folders()).isEmpty();
    }

    @Test
    void aPhotoInTheMakingIsNotDeleted() throws Exception {
        CompletableFuture<Demo.Answer> upload = demo.posting("image/png", large());
        jobsWith("thumbnail");
        String path = "/photos/" + demo.get("/photos").json("id");
        assertThat(demo.delete(path).status()).isEqualTo(409);
        assertThat(upload.get(60, SECONDS).header("Location")).isEqualTo(path);
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() throws Exception {
        CompletableFuture<Demo.Answer> upload = demo.posting("image/png", large());
        jobsWith("thumbnail");
        upload.cancel(true);
        while (!demo.get("/photos").json("total").equals("0")) {
            Thread.onSpinWait();
        }
        demo.close();
        assertThat(folders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?dry-run", "?dry-run=yes", "?run=dry"})
    void anotherQueryKillsNothing(String query) throws Exception {
        assertThat(demo.delete("/jobs/fib" + query).status()).isEqualTo(400);
    }

    /// {@return a picture that takes a while}
    private Path large() throws IOException {
        Path file = temp.resolve("large.png");
        ImageIO.write(new BufferedImage(9_000, 9_000, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
        return file;
    }

    private CompletableFuture<Demo.Answer> inBackground(String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return demo.send(HttpRequest.newBuilder(demo.uri(path)));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// {@return the jobs, once there is one of this category}
    private Demo.Answer jobsWith(String category) throws Exception {
        Demo.Answer jobs = demo.get("/jobs");
        while (!jobs.text().contains('"' + category + '"')) {
            jobs = demo.get("/jobs");
        }
        return jobs;
    }

    private Stream<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).map(Path::toString).toList().stream();
        }
    }
}
