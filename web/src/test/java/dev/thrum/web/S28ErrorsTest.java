package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.http.Request;
import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An error shows nothing of the request, and nothing of the inside, wherever it comes from.
@Timeout(60)
@Tag("S28")
class S28ErrorsTest {
    private static final String SCRIPT = "<script>alert(1)</script>";
    private static final String ENCODED = "%3Cscript%3Ealert(1)%3C%2fscript%3E".replace("%2f", "/");

    private final WebApp app = WebApp.create().limits(Limits.standard().withBody(10).withHeaders(2_000, 20).withRequestLine(1_000));
    private final Kernel kernel = Kernel.start(1);
    private Server server;

    private int port() {
        if (server == null) {
            server = app.start(Listener.http(0).withHost("127.0.0.1"));
        }
        return server.ports().getFirst();
    }

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
        kernel.close();
    }

    private static RuntimeException inside() {
        return new IllegalStateException(SCRIPT + " in /etc/secret.conf", new IOException("password secret"));
    }

    private void check(String request, int status) throws IOException {
        try (RawClient client = new RawClient(port())) {
            client.write(request);
            RawClient.Answer answer = client.read(true);
            String all = (answer.headers() + answer.body()).toLowerCase(Locale.ROOT);
            assertThat(answer.status()).as(request).isEqualTo(status);
            assertThat(all).doesNotContain("script", "alert", "secret", "password", "exception", "dev.thrum", ".java", "/etc", "\tat ");
            assertThat(answer.header("Content-Type")).contains("application/problem+json");
            assertThat(answer.header("Server")).isEmpty();
        }
    }

    private void check(String target, String header, String body, int status) throws IOException {
        check("POST " + target + " HTTP/1.1\r\nHost: h\r\nX-Script: " + SCRIPT + "\r\n" + header + "Content-Length: " + body.length()
                        + "\r\n\r\n" + body,
                status);
    }

    @ParameterizedTest
    @CsvSource({"throws", "rejects", "task", "blocking", "kernel", "stage", "stream", "late", "cause"})
    void aHandlerThatFailsShowsNothing(String how) throws IOException {
        app.post("/throws/{x:path}", (request, response) -> {
                    throw inside();
                })
                .post("/rejects/{x:path}", (request, response) -> response.send(Promise.failed(inside())))
                .post("/task/{x:path}", (request, response) -> response.send(kernel.submit(() -> {
                    throw inside();
                })))
                .post("/blocking/{x:path}", Handler.blocking((request, response) -> Files.readString(Path.of("/etc/secret.conf"))))
                .post("/kernel/{x:path}", Handler.on(kernel, (request, response) -> {
                    throw inside();
                }))
                .post("/stage/{x:path}", (request, response) ->
                        response.send(java.util.concurrent.CompletableFuture.failedStage(inside())))
                .post("/stream/{x:path}", (request, response) -> response.send(request.stream(piece -> {
                    throw inside();
                })))
                .post("/late/{x:path}", (request, response) -> response.send(request.text().map(body -> {
                    throw inside();
                })))
                .post("/cause/{x:path}", (request, response) -> {
                    response.header("X-Secret", "secret");
                    throw new HttpException(500, "it did not work", inside());
                });

        check("/" + how + "/" + ENCODED + "?" + SCRIPT, "", SCRIPT.substring(0, 8), 500);
    }

    @ParameterizedTest
    @CsvSource({"headers", "pre", "awaited", "body"})
    void aHookThatFailsShowsNothing(String where) throws IOException {
        app.on(Event.HeadersParsed.class, event -> failAt(where.equals("headers"), event.request()))
                .on(Event.PreRoute.class, event -> failAt(where.equals("pre"), event.request()))
                .awaiting(Event.PreRoute.class, event -> where.equals("awaited") ? Promise.failed(inside()) : Promise.of(true))
                .on(Event.BodyChunk.class, event -> failAt(where.equals("body"), event.request()))
                .post("/{x:path}", (request, response) -> response.send(request.text()));

        check("/" + ENCODED, "", SCRIPT.substring(0, 8), 500);
    }

    private static void failAt(boolean here, Request request) {
        if (here) {
            throw new IllegalStateException(request.path() + request.header("X-Script").orElse(""), inside());
        }
    }

    @Test
    void aRequestThatIsRefusedIsNotRepeated() throws IOException {
        app.get("/a", (request, response) -> response.send("a"))
                .post("/text", (request, response) -> response.send(request.text()))
                .post("/{n:int}", (request, response) -> response.send("n"));

        check("/" + ENCODED, "", "", 404);
        check("/" + ENCODED + "?" + SCRIPT, "", "", 404);
        check("/a", "", "", 405);
        check("/text", "", SCRIPT, 413);
        check("/text", "Content-Type: text/plain;charset=" + SCRIPT + "\r\n", "a", 415);
        check("/text", "Expect: " + SCRIPT + "\r\n", "a", 417);
        check("/text", "X: " + SCRIPT.repeat(100) + "\r\n", "a", 431);
        check("/" + "script/".repeat(200), "", "", 414);
        check("/%zz" + ENCODED, "", "", 400);
        check("/../" + ENCODED, "", "", 400);
        check("/text", SCRIPT + "\r\n", "a", 400);
        check("/text", "Transfer-Encoding: script, chunked\r\n", "", 400);
        for (String request : List.of(
                "SCRIPT@ / HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST /text HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nscript\r\n",
                "GET script://script/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n",
                "GET / SCRIPT/1.1\r\nHost: h\r\n\r\n")) {
            check(request, 400);
        }
        check("GET / HTTP/3.1\r\nHost: script\r\n\r\n", 505);
        check("POST /text HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: script, chunked\r\n\r\n0\r\n\r\n", 501);
    }
}
