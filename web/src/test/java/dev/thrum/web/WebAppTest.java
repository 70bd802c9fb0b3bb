package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.route.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Applications on real sockets.
@Timeout(120)
class WebAppTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");

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

    @Test
    @Tag("W-1")
    void aHandlerAnswers() throws IOException {
        app.get("/", (request, response) -> response.send("Welcome to my homepage!"));

        var answer = RawClient.get(port(), "/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("Welcome to my homepage!");
        assertThat(answer.header("Content-Length")).contains("23");
        assertThat(answer.header("Date")).isPresent();
    }

    @Test
    void parametersOfThePathReachTheHandler() throws IOException {
        app.get("/add/{a:int}/{b:long}", (request, response) ->
                response.send(request.pathInt("a") + request.pathLong("b") + " " + request.path("a")));

        assertThat(RawClient.get(port(), "/add/1/2").body()).isEqualTo("3 1");
        assertThat(RawClient.get(port(), "/add/1/x").status()).isEqualTo(404);
    }

    @Test
    @Tag("W-2")
    void anUnknownPathIsNotFoundAndIsNotEchoed() throws IOException {
        app.get("/", (request, response) -> response.send("x"));

        var answer = RawClient.get(port(), "/secret-path");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).doesNotContain("secret-path");
    }

    @Test
    void anotherMethodIsRefusedWithTheMethodsThatAreThere() throws IOException {
        app.get("/a", (request, response) -> response.send("x")).post("/a", (request, response) -> response.send("y"));

        var answer = RawClient.ask(port(), "DELETE", "/a");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET, POST, HEAD, OPTIONS");
    }

    @Test
    void optionsTellsTheMethods() throws IOException {
        app.get("/a", (request, response) -> response.send("x"));

        var answer = RawClient.ask(port(), "OPTIONS", "/a");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(RawClient.ask(port(), "OPTIONS", "*").status()).isEqualTo(204);
    }

    @Test
    void headIsAnsweredAsGetWithoutTheBody() throws IOException {
        app.get("/a", (request, response) -> response.send("12345"));

        var answer = RawClient.ask(port(), "HEAD", "/a");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length")).contains("5");
    }

    @Test
    void aPromiseIsAnsweredWhenItIsFulfilled() throws Exception {
        AtomicReference<Resolver<String>> work = new AtomicReference<>();
        CountDownLatch asked = new CountDownLatch(1);
        app.get("/", (request, response) -> {
            work.set(Resolver.create());
            response.send(work.get().promise());
            asked.countDown();
        });
        try (RawClient client = new RawClient(port())) {
            client.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            asked.await();
            work.get().resolve("later");

            assertThat(client.read(true).body()).isEqualTo("later");
        }
    }

    @Test
    void aRejectedPromiseIsAnsweredSafely() throws IOException {
        app.get("/404", (request, response) -> response.send(Promise.failed(new HttpException(404, "gone fishing"))))
                .get("/500", (request, response) -> response.send(Promise.failed(new IOException("secret"))));

        assertThat(RawClient.get(port(), "/404").body()).contains("gone fishing");
        var broken = RawClient.get(port(), "/500");
        assertThat(broken.status()).isEqualTo(500);
        assertThat(broken.body()).doesNotContain("secret");
    }

    @Test
    @Tag("W-10")
    void aHandlerThatThrowsIsAnsweredSafelyAndTheConnectionGoesOn() throws IOException {
        app.get("/bad", (request, response) -> {
                    throw new IllegalStateException("secret");
                })
                .get("/good", (request, response) -> response.send("fine"));
        try (RawClient client = new RawClient(port())) {
            client.write("GET /bad HTTP/1.1\r\nHost: h\r\n\r\nGET /good HTTP/1.1\r\nHost: h\r\n\r\n");

            var bad = client.read(true);
            assertThat(bad.status()).isEqualTo(500);
            assertThat(bad.body()).doesNotContain("secret");
            assertThat(client.read(true).body()).isEqualTo("fine");
        }
    }

    @Test
    @Tag("W-5")
    void passLeavesTheRequestToTheNextRoute() throws IOException {
        app.get("/a/{n:int}", (request, response) -> response.pass())
                .get("/a/{rest}", (request, response) -> response.send("rest " + request.path("rest")))
                .get("/b", (request, response) -> response.pass());

        assertThat(RawClient.get(port(), "/a/7").body()).isEqualTo("rest 7");
        assertThat(RawClient.get(port(), "/b").status()).isEqualTo(404);
    }

    @Test
    @Tag("W-6")
    void routesOfAHostAnswerOnlyForIt() throws IOException {
        app.route(Route.<Handler>of(dev.thrum.http.Method.GET, "/", (request, response) -> response.send("other"))
                .withHost("other.example"));
        app.get("/", (request, response) -> response.send("default"));
        try (RawClient client = new RawClient(port())) {
            client.write("GET / HTTP/1.1\r\nHost: other.example:80\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.read(true).body()).isEqualTo("other");
            assertThat(client.read(true).body()).isEqualTo("default");
        }
    }

    @Test
    @Tag("W-8")
    void hooksRunInOrderAroundTheHandler() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        app.on(Event.Connected.class, event -> log.add("connected"))
                .on(Event.PreRoute.class, event -> log.add("pre 1"))
                .on(Event.PreRoute.class, event -> log.add("pre 2"))
                .on(Event.PostRoute.class, event -> log.add("post"))
                .on(Event.ResponseStarted.class, event -> log.add("started"))
                .on(Event.ResponseFinished.class, event -> log.add("finished " + event.whole()))
                .on(Event.Disconnected.class, event -> {
                    log.add("gone");
                    gone.countDown();
                })
                .get("/", (request, response) -> {
                    log.add("handler");
                    response.send(Promise.of("x"));
                });

        RawClient.get(port(), "/");
        gone.await();

        assertThat(log)
                .containsExactlyInAnyOrder(
                        "connected", "pre 1", "pre 2", "handler", "post", "started", "finished true", "gone")
                .startsWith("connected", "pre 1", "pre 2", "handler")
                .endsWith("gone");
    }

    @Test
    @Tag("W-9")
    void aHookThatAnswersEndsTheMatter() throws IOException {
        app.on(Event.PreRoute.class, event -> event.response().status(401).send("who are you?"))
                .on(Event.PreRoute.class, event -> log.add("second hook"))
                .get("/", (request, response) -> log.add("handler"));

        var answer = RawClient.get(port(), "/");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("W-9")
    void anAwaitedHookMakesTheRequestWaitAndTheLoopGoOn() throws Exception {
        Resolver<String> gate = Resolver.create();
        app.awaiting(Event.PreRoute.class, event -> event.request().path().equals("/slow") ? gate.promise() : Promise.of(1))
                .get("/slow", (request, response) -> response.send("slow"))
                .get("/fast", (request, response) -> response.send("fast"));
        try (RawClient slow = new RawClient(port())) {
            slow.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(RawClient.get(port(), "/fast").body()).isEqualTo("fast");

            gate.resolve("open");

            assertThat(slow.read(true).body()).isEqualTo("slow");
        }
    }

    @Test
    @Tag("W-9")
    void aRejectedHookIsAnsweredAsAFailure() throws IOException {
        app.awaiting(Event.PreRoute.class, event -> Promise.failed(new HttpException(403, "not for you")))
                .get("/", (request, response) -> response.send("x"));

        assertThat(RawClient.get(port(), "/").status()).isEqualTo(403);
    }

    @Test
    @Tag("W-9")
    void aHookThatThrowsIsAnsweredAsAFailureAndTold() throws IOException {
        app.on(Event.PreRoute.class, event -> {
                    throw new IllegalStateException("no");
                })
                .on(Event.Failed.class, event -> log.add(event.problem().getMessage()))
                .get("/", (request, response) -> response.send("x"));

        assertThat(RawClient.get(port(), "/").status()).isEqualTo(500);
        assertThat(log).containsExactly("no");
    }

    @Test
    void nothingWaitsForHooksAtOtherEvents() {
        assertThatThrownBy(() -> app.awaiting(Event.Failed.class, event -> Promise.of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Failed");
    }

    @Test
    @Tag("W-12")
    void anAnswerMayBeStreamed() throws IOException {
        app.get("/", (request, response) -> {
            var body = response.start();
            body.write("hello ").tap(writer -> {
                var _ = writer.write("world");
                writer.finish();
            });
        });

        var answer = RawClient.get(port(), "/");

        assertThat(answer.header("Transfer-Encoding")).contains("chunked");
        assertThat(answer.body()).isEqualTo("hello world");
    }

    @Test
    void aBodyComesAsAPromise() throws IOException {
        app.post("/", (request, response) -> response.send(request.text().map(String::toUpperCase)));
        try (RawClient client = new RawClient(port())) {
            client.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");

            assertThat(client.read(true).body()).isEqualTo("HELLO");
        }
    }

    @Test
    void theLimitsOfTheApplicationCount() throws IOException {
        app.limits(Limits.standard().withBody(4)).post("/", (request, response) -> response.send(request.bytes()));
        try (RawClient client = new RawClient(port())) {
            client.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");

            assertThat(client.read(true).status()).isEqualTo(413);
        }
    }

    @Test
    void aMalformedRequestIsRefusedAndTheLoopLivesOn() throws IOException {
        app.get("/", (request, response) -> response.send("alive"));
        try (RawClient client = new RawClient(port())) {
            client.write("NONSENSE\r\n\r\n");
            assertThat(client.read(true).status()).isEqualTo(400);
        }

        assertThat(RawClient.get(port(), "/").body()).isEqualTo("alive");
    }

    @Test
    void whatIsChangedAfterTheStartTouchesNoRunningServer() throws IOException {
        app.get("/", (request, response) -> response.send("old"));
        int port = port();
        app.get("/", (request, response) -> response.send("new")).get("/more", (request, response) -> response.send("x"));

        assertThat(RawClient.get(port, "/").body()).isEqualTo("old");
        assertThat(RawClient.get(port, "/more").status()).isEqualTo(404);
    }

    @Test
    void everyListenerHasALoopOfItsOwn() throws IOException {
        app.get("/", (request, response) -> response.send(Thread.currentThread().getName()));
        server = app.named("site").start(ANY_PORT, ANY_PORT, ANY_PORT, ANY_PORT);

        assertThat(server.ports()).hasSize(4).doesNotHaveDuplicates();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        for (int port : server.ports()) {
            threads.add(RawClient.get(port, "/").body());
        }
        assertThat(threads).hasSize(4).allMatch(name -> name.startsWith("site-"));
    }

    @Test
    void onePortMayHaveSeveralLoops() throws IOException {
        app.get("/", (request, response) -> response.send(Thread.currentThread().getName()));
        server = app.start(ANY_PORT.withLoops(2));

        Set<String> threads = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 200 && threads.size() < 2; i++) {
            threads.add(RawClient.get(port(), "/").body());
        }
        assertThat(threads).hasSize(2);
    }

    @Test
    void twoApplicationsShareNothing() throws IOException {
        WebApp other = WebApp.create().get("/", (request, response) -> response.send("This is app2."));
        app.get("/", (request, response) -> response.send("Welcome to app1!!"));
        try (Server second = other.start(ANY_PORT)) {
            assertThat(RawClient.get(port(), "/").body()).isEqualTo("Welcome to app1!!");
            assertThat(RawClient.get(second.ports().getFirst(), "/").body()).isEqualTo("This is app2.");
        }
    }

    @Test
    void aPortInUseIsAClearErrorAndNothingStaysBehind() throws IOException {
        app.get("/", (request, response) -> response.send("x"));
        try (ServerSocket taken = new ServerSocket(0)) {
            Listener listener = Listener.http(taken.getLocalPort());

            assertThatThrownBy(() -> app.start(ANY_PORT, listener))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("address in use: 0.0.0.0:" + taken.getLocalPort());
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("app-") && !joined(thread))
                .isEmpty();
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aServerNeedsAListener() {
        assertThatThrownBy(app::start).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("listener");
    }

    @Test
    void closingLetsARequestInWorkFinish() throws Exception {
        Resolver<String> work = Resolver.create();
        CountDownLatch asked = new CountDownLatch(1);
        app.get("/", (request, response) -> {
            response.send(work.promise());
            asked.countDown();
        });
        try (RawClient client = new RawClient(port())) {
            client.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            asked.await();
            Thread closer = Thread.ofPlatform().start(server::close);
            work.resolve("finished");

            var answer = client.read(true);
            assertThat(answer.body()).isEqualTo("finished");
            assertThat(closer.join(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void closingAnIdleServerTakesNoTime() throws IOException {
        app.get("/", (request, response) -> response.send("x"));
        try (RawClient idle = new RawClient(port())) {
            idle.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            idle.read(true);

            server.close(Duration.ofHours(1));
        }
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void aServerCannotBeClosedFromItsOwnLoop() throws IOException {
        app.get("/", (request, response) -> {
            try {
                server.close();
                response.send("closed");
            } catch (WrongThreadException e) {
                response.send("refused");
            }
        });

        assertThat(RawClient.get(port(), "/").body()).isEqualTo("refused");
    }

    @Test
    void largeBodiesArriveWhole() throws IOException {
        byte[] large = new byte[3_000_000];
        app.get("/", (request, response) -> response.send(ByteBuffer.wrap(large)));

        assertThat(RawClient.get(port(), "/").body()).hasSize(3_000_000);
    }
}
