package dev.thrum.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.route.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Handlers, hooks and clients that do what they should not, and servers that end at a bad moment.
@Timeout(120)
class HardTimesTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

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

    // ---- hooks

    @Test
    void anAwaitedHookThatAnswersLaterEndsTheMatter() throws Exception {
        CompletableFuture<Event.PreRoute> asked = new CompletableFuture<>();
        Resolver<String> looked = Resolver.create();
        app.get("/", (request, response) -> log.add("handler"))
                .awaiting(Event.PreRoute.class, event -> {
                    asked.complete(event);
                    return looked.promise();
                })
                .on(Event.PreRoute.class, event -> log.add("second hook"));
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            asked.get(60, SECONDS).response().status(401).send("who are you?");
            looked.resolve("done");

            assertThat(client.read(true).status()).isEqualTo(401);
            client.write("GET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            client.read(true);
        }
        assertThat(log).doesNotContain("handler").containsOnlyOnce("second hook"); // that of the second request
    }

    @Test
    void nobodyAnswersAClientThatLeftWhileAHookWaited() throws Exception {
        CompletableFuture<Event.PreRoute> asked = new CompletableFuture<>();
        CountDownLatch gone = new CountDownLatch(1);
        Resolver<String> looked = Resolver.create();
        app.get("/", (request, response) -> log.add("handler"))
                .get("/other", (request, response) -> response.send("alive"))
                .awaiting(Event.PreRoute.class, event -> {
                    if (event.request().path().equals("/")) {
                        asked.complete(event);
                        return looked.promise();
                    }
                    return Promise.of("");
                })
                .on(Event.Disconnected.class, event -> gone.countDown());
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            asked.get(60, SECONDS);
        }
        assertThat(gone.await(60, SECONDS)).isTrue();
        looked.resolve("done");

        assertThat(RawClient.get(port(), "/other").body()).isEqualTo("alive");
        assertThat(log).isEmpty();
    }

    @Test
    void thePostRouteHooksRunOnceHoweverManyHandlersPass() throws Exception {
        app.get("/{a:int}", (request, response) -> response.pass())
                .get("/{a}", (request, response) -> response.pass())
                .get("/{a:path}", (request, response) -> response.send("last"))
                .on(Event.PostRoute.class, event -> log.add("post"));

        assertThat(RawClient.get(port(), "/7").body()).isEqualTo("last");
        server.close(Duration.ZERO);
        assertThat(log).containsExactly("post");
    }

    @Test
    void hooksThatThrowAroundTheAnswerDoNotHarmIt() throws IOException {
        app.get("/", (request, response) -> response.send("whole"))
                .get("/fail", (request, response) -> {
                    throw new IOException("as planned");
                })
                .on(Event.Connected.class, event -> {
                    throw new IllegalStateException("connected");
                })
                .on(Event.ResponseStarted.class, event -> {
                    throw new IllegalStateException("started");
                })
                .on(Event.ResponseFinished.class, event -> {
                    throw new IllegalStateException("finished");
                })
                .on(Event.Failed.class, event -> {
                    throw new IllegalStateException("failed");
                });

        assertThat(RawClient.get(port(), "/").body()).isEqualTo("whole");
        assertThat(RawClient.get(port(), "/fail").status()).isEqualTo(500);
    }

    // ---- handlers

    @Test
    void theFirstOfTwoAnswersCounts() throws IOException {
        app.get("/", (request, response) -> {
            response.send("first");
            assertThatThrownBy(() -> response.send("second")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(response::pass).isInstanceOf(IllegalStateException.class);
        });

        assertThat(RawClient.get(port(), "/").body()).isEqualTo("first");
    }

    @Test
    void whatAHandlerThrowsAfterItsAnswerDoesNotHarmTheAnswer() throws IOException {
        app.get("/", (request, response) -> {
            response.send("whole");
            throw new IOException("too late");
        });
        try (RawClient client = new RawClient(port())) {
            client.write(GET + GET);
            assertThat(client.read(true).body()).isEqualTo("whole");
            assertThat(client.read(true).body()).isEqualTo("whole");
        }
    }

    @Test
    void whatAHandlerThrowsAfterPromisingAnAnswerIsTheAnswer() throws Exception {
        Resolver<String> work = Resolver.create();
        app.get("/", (request, response) -> {
            response.send(work.promise());
            throw new IOException("as planned");
        });
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            assertThat(client.read(true).status()).isEqualTo(500);
            work.resolve("late");
            client.write("GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.read(true).status()).isEqualTo(404);
        }
    }

    @Test
    void anotherThreadMayAnswerAndMayPass() throws IOException {
        app.get("/{a:int}", (request, response) -> Thread.ofVirtual().start(response::pass))
                .get("/{a}", (request, response) -> {
                    String onLoop = String.valueOf(Thread.currentThread().isVirtual());
                    Thread.ofVirtual().start(() -> response.header("X-Virtual", onLoop).send("elsewhere"));
                });

        var answer = RawClient.get(port(), "/7");

        assertThat(answer.body()).isEqualTo("elsewhere");
        assertThat(answer.header("X-Virtual")).contains("false");
    }

    @Test
    void headOfAStreamedAnswerHasNoBody() throws IOException {
        app.get("/", (request, response) -> {
            var body = response.start();
            body.write(ByteBuffer.wrap(new byte[100]));
            body.finish();
        });
        try (RawClient client = new RawClient(port())) {
            client.write("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + GET);
            assertThat(client.read(false).status()).isEqualTo(200);
            assertThat(client.read(true).body()).hasSize(100);
        }
    }

    // ---- ends

    @Test
    void whenAStartFailsItsAddressesAreFreeAgain() throws IOException {
        InetAddress here = InetAddress.ofLiteral("127.0.0.9"); // where nobody else takes a port
        try (ServerSocket taken = new ServerSocket(0, 1, here)) {
            for (int round = 0; round < 20; round++) {
                int free = freePort(here);
                assertThatThrownBy(() -> app.start(
                                ANY_PORT.withLoops(2),
                                Listener.http(free).withHost("127.0.0.9"),
                                Listener.http(taken.getLocalPort()).withHost("127.0.0.9")))
                        .isInstanceOf(UncheckedIOException.class);
                try (ServerSocket again = new ServerSocket(free, 1, here)) {
                    assertThat(again.isBound()).isTrue();
                }
            }
        }
    }

    private static int freePort(InetAddress here) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, here)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aServerMayBeClosedByManyThreadsAtOnce() throws Exception {
        app.get("/", (request, response) -> log.add("asked"));
        server = app.start(ANY_PORT.withLoops(2), ANY_PORT);
        try (RawClient client = new RawClient(port())) {
            client.write(GET); // never answered
            List<Thread> closers = new ArrayList<>();
            for (Duration grace : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofHours(1), Duration.ofMillis(50))) {
                closers.add(Thread.ofPlatform().start(() -> server.close(grace)));
            }
            for (Thread closer : closers) {
                assertThat(closer.join(Duration.ofSeconds(60))).isTrue();
            }
        }
        assertThat(server.isRunning()).isFalse();
        server.join();
    }

    @Test
    void anInterruptCutsTheGraceShort() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        app.get("/", (request, response) -> asked.countDown());
        try (RawClient client = new RawClient(port())) {
            client.write(GET); // never answered
            assertThat(asked.await(60, SECONDS)).isTrue();
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread closer = Thread.ofPlatform().start(() -> {
                server.close(Duration.ofHours(1));
                flag.complete(Thread.currentThread().isInterrupted());
            });
            closer.interrupt();

            assertThat(flag.get(60, SECONDS)).isTrue();
        }
    }

    @Test
    void theLoopOfAnotherServerMayCloseAServer() throws IOException {
        Server other = WebApp.create().get("/", (request, response) -> response.send("x")).start(ANY_PORT);
        app.route(Route.any("/", (request, response) -> {
            other.close();
            response.send("closed");
        }));

        assertThat(RawClient.get(port(), "/").body()).isEqualTo("closed");
        assertThat(other.isRunning()).isFalse();
    }
}
