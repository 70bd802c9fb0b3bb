package dev.thrum.plugins;

import static dev.thrum.plugins.S14MultipartTest.TYPE;
import static dev.thrum.plugins.S14MultipartTest.form;
import static dev.thrum.plugins.S14MultipartTest.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Timeouts;
import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Resolver;
import dev.thrum.web.WebApp;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The files of uploads lie where nobody finds them, and nothing is left of them, whatever happens (S24, defect 7).
@Timeout(120)
@Tag("S24")
class S24TempFilesTest {
    @TempDir
    Path uploads;

    private final WebApp app = WebApp.create();
    private final BlockingQueue<Resolver<String>> waiting = new LinkedBlockingQueue<>();
    private Site site;

    @BeforeEach
    void setUp() {
        app.install(Multipart.standard().withDirectory(uploads))
                .post("/form", (request, response) -> response.send(Multipart.form(request).map(form -> form.files().size())))
                .post("/wait", this::hold);
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private Site site() {
        if (site == null) {
            site = Site.of(app);
        }
        return site;
    }

    /// Reads the form, and answers when the test wants it.
    private void hold(Request request, Response response) {
        response.send(Multipart.form(request).then(form -> {
            Resolver<String> answer = Resolver.create();
            waiting.add(answer);
            return answer.promise();
        }));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return site().send(site().request(path)
                .header("Content-Type", TYPE)
                .POST(BodyPublishers.ofString(body, UTF_8)));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(uploads)) {
            return files.toList();
        }
    }

    private void awaitNothingLeft() throws Exception {
        while (!left().isEmpty()) {
            Thread.onSpinWait(); // the test's own timeout ends it
        }
    }

    @Test
    @Tag("PL-33")
    @Tag("D-7")
    void aFileLiesWhereOnlyItsOwnerMayReadItUntilTheAnswerIsThere() throws Exception {
        var client = site().async(site().request("/wait").header("Content-Type", TYPE)
                .POST(BodyPublishers.ofString(form(part("name=f; filename=x", "content"), part("name=g; filename=x", "2")))));
        Resolver<String> answer = waiting.take();
        List<Path> files = left();
        assertThat(files).hasSize(2);
        for (Path file : files) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            assertThat(file.getFileName().toString()).startsWith(TempNames.prefix()).doesNotContain("x");
        }
        answer.resolve("done");
        assertThat(client.get().body()).isEqualTo("done");
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-34")
    void aClientThatGoesAwayLeavesNothing() throws Exception {
        try (Socket client = new Socket("127.0.0.1", site().port())) {
            client.getOutputStream()
                    .write(("POST /form HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\nContent-Type: " + TYPE + "\r\n\r\n"
                                    + part("name=f; filename=x", "begun"))
                            .getBytes(UTF_8));
            while (left().isEmpty()) {
                Thread.onSpinWait();
            }
        }
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-34")
    void aRequestThatIsNotAnsweredInTimeLeavesNothing() throws Exception {
        app.timeouts(Timeouts.standard().withResponse(Duration.ofMillis(300)));
        assertThat(post("/wait", form(part("name=f; filename=x", "content"))).statusCode()).isEqualTo(500);
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-34")
    void aTaskThatIsKilledLeavesNothing() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            app.post("/spin", (request, response) -> response.send(Multipart.form(request)
                    .then(form -> kernel.in("spin").submit(() -> {
                        waiting.add(Resolver.create());
                        while (true) {
                            Thread.onSpinWait();
                        }
                    }))));
            var client = site().async(site().request("/spin").header("Content-Type", TYPE)
                    .POST(BodyPublishers.ofString(form(part("name=f; filename=x", "content")))));
            waiting.take();
            assertThat(left()).hasSize(1);
            kernel.kill("spin");
            assertThat(client.get().statusCode()).isEqualTo(500);
            awaitNothingLeft();
        }
    }

    @Test
    @Tag("PL-34")
    void aHandlerThatFailsLeavesNothing() throws Exception {
        app.post("/fail", (request, response) -> response.send(Multipart.form(request).map(form -> {
            throw new IllegalStateException("as planned");
        })));
        assertThat(post("/fail", form(part("name=f; filename=x", "content"))).statusCode()).isEqualTo(500);
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-35")
    void whatAKilledProcessHasLeftIsRemovedWhenAServerStarts() throws Exception {
        Path dead = Files.createFile(uploads.resolve("thrum-upload-999999999-18c0ffee-123"));
        Path ours = Files.createFile(uploads.resolve(TempNames.prefix() + "123"));
        Path other = Files.createFile(uploads.resolve("thrum-upload-notes.txt"));
        site();
        while (Files.exists(dead)) {
            Thread.onSpinWait();
        }
        assertThat(ours).exists();
        assertThat(other).exists();
    }

    @Test
    @Tag("PL-37")
    void allFilesOfAllRequestsHaveALimitTogether() throws Exception {
        app.uninstall(Multipart.class).install(Multipart.standard().withDirectory(uploads).withAll(1_500));
        var first = site().async(site().request("/wait").header("Content-Type", TYPE)
                .POST(BodyPublishers.ofString(form(part("name=f; filename=x", "x".repeat(1_000))))));
        Resolver<String> answer = waiting.take();
        String more = form(part("name=f; filename=x", "y".repeat(300)), part("name=g; filename=x", "y".repeat(300)));
        var refused = post("/form", more);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("limit all");
        assertThat(refused.headers().firstValue("Retry-After")).contains("10");
        answer.resolve("done");
        assertThat(first.get().body()).isEqualTo("done");
        awaitNothingLeft(); // the bytes are given back before the files go
        for (int i = 0; i < 3; i++) {
            assertThat(post("/form", more).body()).isEqualTo("2");
            awaitNothingLeft();
        }
    }

    @Test
    @Tag("PL-33")
    void nobodyGuessesTheNextName() throws Exception {
        Set<String> ends = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            var client = site().async(site().request("/wait").header("Content-Type", TYPE)
                    .POST(BodyPublishers.ofString(form(part("name=f; filename=x", "content")))));
            Resolver<String> answer = waiting.take();
            String name = left().getFirst().getFileName().toString();
            ends.add(name.substring(TempNames.prefix().length()));
            answer.resolve("done");
            client.get();
            awaitNothingLeft();
        }
        assertThat(ends).hasSize(200).allSatisfy(end -> assertThat(end).hasSizeGreaterThanOrEqualTo(16));
    }

    @Test
    @Tag("PL-35")
    void whatAKilledProcessHasLeftOfAnUploadIsRemovedByTheNext() throws Exception {
        String path = System.getProperty("jdk.module.path", "") + File.pathSeparator + System.getProperty("java.class.path", "")
                + File.pathSeparator + Path.of("target", "test-classes") + File.pathSeparator + Path.of("target", "classes");
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        path,
                        UploadServer.class.getName(),
                        uploads.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = server.inputReader();
                Socket client = new Socket("127.0.0.1", Integer.parseInt(said.readLine()))) {
            client.getOutputStream()
                    .write(("POST /form HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\nContent-Type: " + TYPE + "\r\n\r\n"
                                    + part("name=f; filename=x", "begun"))
                            .getBytes(UTF_8));
            while (left().isEmpty()) {
                Thread.onSpinWait();
            }
            server.destroyForcibly(); // SIGKILL, while the client is there: nobody cleans up
            assertThat(server.waitFor(60, SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
        assertThat(left()).hasSize(1);
        site();
        awaitNothingLeft();
    }
}
