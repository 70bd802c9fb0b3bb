package dev.thrum.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.HttpException;
import dev.thrum.http.Method;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.route.PathPattern;
import dev.thrum.route.Route;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Hooks around bodies, by name, and what they can rely on.
@Timeout(120)
class HooksTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef";

    private final WebApp app = WebApp.create();
    private final List<Object> log = new CopyOnWriteArrayList<>();
    private Server server;

    private int port() {
        if (server == null) {
            server = app.start(ANY_PORT);
        }
        return server.ports().getFirst();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    private RawClient.Answer post() throws IOException {
        try (RawClient client = new RawClient(port())) {
            client.write(POST);
            return client.read(true);
        }
    }

    private static String text(ByteBuffer bytes) {
        return ISO_8859_1.decode(bytes).toString();
    }

    @Test
    @Tag("W-8")
    void theHooksOfARequestWithABodyRunInOrder() throws IOException {
        app.on(Event.HeadersParsed.class, event -> log.add("headers"))
                .on(Event.PreRoute.class, event -> log.add("pre"))
                .on(Event.BodyChunk.class, event -> log.add(text(event.bytes()) + " " + event.last()))
                .on(Event.BodyComplete.class, event -> log.add("complete " + event.length()))
                .on(Event.PostRoute.class, event -> log.add("post"))
                .on(Event.ResponseStarted.class, event -> log.add("started"))
                .post("/", (request, response) -> {
                    log.add("handler");
                    response.send(request.text().tap(body -> log.add("read")));
                });

        assertThat(post().body()).isEqualTo("abcdef");
        assertThat(log)
                .startsWith("headers", "pre", "handler")
                .containsSubsequence("handler", "abcdef false", " true", "complete 6", "read", "started")
                .containsSubsequence("handler", "post");
    }

    @Test
    @Tag("W-8")
    void anEmptyBodyIsCompleteWhenSomebodyAsksForIt() throws IOException {
        app.on(Event.BodyChunk.class, event -> log.add("chunk " + event.last()))
                .on(Event.BodyComplete.class, event -> log.add("complete " + event.length()))
                .get("/", (request, response) -> response.send(request.text().map(body -> "[" + body + "]")))
                .get("/unread", (request, response) -> response.send("x"));

        assertThat(RawClient.get(port(), "/").body()).isEqualTo("[]");
        assertThat(RawClient.get(port(), "/unread").body()).isEqualTo("x");
        assertThat(log).containsExactly("chunk true", "complete 0");
    }

    @Test
    @Tag("W-9")
    void aHookAtAChunkMakesTheNextOneWait() throws Exception {
        Resolver<String> gate = Resolver.create();
        CountDownLatch seen = new CountDownLatch(1);
        app.awaiting(Event.BodyChunk.class, event -> {
                    log.add(text(event.bytes()));
                    seen.countDown();
                    return log.size() == 1 ? gate.promise() : Promise.of(true);
                })
                .post("/", (request, response) -> response.send(request.text()));
        try (RawClient client = new RawClient(port())) {
            client.write(POST.substring(0, POST.length() - 3));
            assertThat(seen.await(60, SECONDS)).isTrue();
            client.write("def");
            assertThat(log).containsExactly("abc");
            gate.resolve("go on");

            assertThat(client.read(true).body()).isEqualTo("abcdef");
        }
        assertThat(log).containsExactly("abc", "def", "");
    }

    @Test
    @Tag("W-9")
    void whatABodyHookThrowsIsTheAnswerOfWhoeverReadsTheBody() throws IOException {
        app.on(Event.BodyComplete.class, event -> {
                    throw new HttpException(422, "not like this");
                })
                .post("/", (request, response) -> response.send(request.text()));

        assertThat(post().body()).contains("not like this");
    }

    @Test
    @Tag("W-9")
    void aHookAtTheHeadersThatFailsKeepsTheOthersAndTheHandlerFromRunning() throws IOException {
        app.awaiting(Event.HeadersParsed.class, event -> Promise.failed(new HttpException(400, "no token")))
                .on(Event.PreRoute.class, event -> log.add("pre"))
                .get("/", (request, response) -> log.add("handler"));

        assertThat(RawClient.get(port(), "/").body()).contains("no token");
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("W-27")
    void hooksGoByTheirNames() throws IOException {
        app.on(Event.PreRoute.class, "a", event -> log.add("a1"))
                .on(Event.PreRoute.class, "b", event -> log.add("b"))
                .awaiting(Event.PreRoute.class, "a", event -> Promise.of(log.add("a2")))
                .on(Event.PostRoute.class, "a", event -> log.add("post a"))
                .on(Event.ResponseStarted.class, event -> log.add("started"))
                .removeHook(Event.PreRoute.class, "a")
                .removeHook(Event.PreRoute.class, "unknown")
                .clearHooks(Event.ResponseStarted.class)
                .get("/", (request, response) -> response.send("x"));

        RawClient.get(port(), "/");
        server.close();

        assertThat(log).containsExactly("b", "post a");
    }

    @Test
    @Tag("W-9")
    void aRouteThatFailsAfterAnAwaitedHookIsStillAnswered() throws IOException {
        app.awaiting(Event.PreRoute.class, event -> {
                    Resolver<Boolean> later = Resolver.create();
                    Home.current().schedule(Duration.ofMillis(1), () -> later.resolve(true));
                    return later.promise();
                })
                .route(Route.of(List.of(Method.GET), PathPattern.regex("/(a+)+b"), (request, response) -> response.send("x")));

        assertThat(RawClient.get(port(), "/" + "a".repeat(6_000) + "c").status()).isEqualTo(400);
    }

    @Test
    @Tag("W-10")
    void whatFailsOnTheWayIsToldOnceWhereverItFails() throws IOException {
        app.on(Event.Failed.class, event -> log.add(event.problem().getMessage()))
                .get("/promise", (request, response) -> response.send(Promise.failed(new IOException("promised"))))
                .get("/fail", (request, response) -> response.fail(new HttpException(409, "twice")));

        assertThat(RawClient.get(port(), "/promise").status()).isEqualTo(500);
        assertThat(RawClient.get(port(), "/fail").status()).isEqualTo(409);
        assertThat(RawClient.get(port(), "/nothing").status()).isEqualTo(404);
        assertThat(log).containsExactly("promised", "409 twice", "404 there is no such resource");
    }

    @Test
    @Tag("W-28")
    void aRequestTellsWhenItIsOverHoweverItEnded() throws Exception {
        CountDownLatch all = new CountDownLatch(3);
        CountDownLatch asked = new CountDownLatch(1);
        app.on(Event.HeadersParsed.class, event -> event.request().onFinished(() -> {
                    log.add(event.request().path());
                    all.countDown();
                }))
                .get("/good", (request, response) -> response.send("x"))
                .get("/bad", (request, response) -> {
                    throw new IllegalStateException("as planned");
                })
                .get("/left", (request, response) -> asked.countDown());

        RawClient.get(port(), "/good");
        RawClient.get(port(), "/bad");
        try (RawClient client = new RawClient(port())) {
            client.write("GET /left HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(asked.await(60, SECONDS)).isTrue();
        }

        assertThat(all.await(60, SECONDS)).isTrue();
        assertThat(log).containsExactlyInAnyOrder("/good", "/bad", "/left");
    }

    @Test
    @Tag("W-29")
    void aFilterPutsOtherBytesInThePlaceOfTheBody() throws IOException {
        app.on(Event.ResponseStarted.class, event -> event.response().filter((bytes, last) -> {
                    ByteBuffer upper = ByteBuffer.allocate(bytes.remaining() + (last ? 1 : 0));
                    while (bytes.hasRemaining()) {
                        upper.put((byte) Character.toUpperCase(bytes.get()));
                    }
                    return (last ? upper.put((byte) '!') : upper).flip();
                }))
                .get("/whole", (request, response) -> response.header("Content-Length", "5").send("hello"))
                .get("/empty", (request, response) -> response.status(204).send())
                .get("/stream", (request, response) -> {
                    var body = response.start();
                    body.write("hel");
                    body.write("lo");
                    body.finish();
                });

        var whole = RawClient.get(port(), "/whole");
        assertThat(whole.body()).isEqualTo("HELLO!");
        assertThat(whole.header("Content-Length")).contains("6");
        assertThat(RawClient.get(port(), "/stream").body()).isEqualTo("HELLO!");
        assertThat(RawClient.get(port(), "/empty").status()).isEqualTo(204);
        assertThat(RawClient.ask(port(), "HEAD", "/whole").status()).isEqualTo(200);
    }

    @Test
    @Tag("W-29")
    void aFilterThatFailsIsAnsweredSafely() throws IOException {
        app.get("/", (request, response) -> response.filter((bytes, last) -> {
                    throw new IllegalStateException("secret");
                })
                .send("hello"));

        var answer = RawClient.get(port(), "/");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret").contains("\"status\":500");
    }

    @Test
    @Tag("W-30")
    void theCurrentServerAndWhatIsBoundAreFoundByTheScope() throws Exception {
        Key<String> greeting = Key.of("greeting");
        WebApp other = WebApp.create().named("other").bind(greeting, "salut");
        Handler says = (request, response) -> response.send(Promise.from(CompletableFuture.completedFuture(1))
                .map(one -> Server.current().orElseThrow().name() + " "
                        + Scope.current().get(greeting).orElse("nothing")));
        app.named("first").bind(greeting, "old").bind(greeting, "hello").get("/", says);
        other.get("/", says);
        try (Server second = other.start(ANY_PORT)) {
            assertThat(RawClient.get(port(), "/").body()).isEqualTo("first hello");
            assertThat(RawClient.get(second.ports().getFirst(), "/").body()).isEqualTo("other salut");
        }
        assertThat(Server.current()).isEmpty();
    }
}
