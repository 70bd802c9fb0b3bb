package dev.thrum.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server comes to its end without cutting anybody off.
@Timeout(120)
class DrainTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final Duration LONG = Duration.ofSeconds(100);
    private static final Drain PATIENT = new Drain(Duration.ZERO, LONG, LONG, Duration.ZERO);
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final WebApp app = WebApp.create().named("shop").get("/", (request, response) -> response.send("x"));
    private Server server;

    private int port() {
        if (server == null) {
            server = app.start(ANY_PORT);
        }
        return server.ports().getFirst();
    }

    private CompletableFuture<Void> close(Drain drain) {
        return CompletableFuture.runAsync(() -> server.close(drain), task -> Thread.ofVirtual().start(task));
    }

    private void awaitLife(Server.Life life) {
        while (server.life() != life) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    @Test
    @Tag("W-50")
    void aConnectionEndsWithItsNextAnswerWhichSaysSo() throws Exception {
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            assertThat(client.read(true).header("Connection")).isEmpty();
            CompletableFuture<Void> closed = close(PATIENT);
            awaitLife(Server.Life.CLOSING);
            while (canConnect()) {
                Thread.onSpinWait();
            }

            client.write(GET);

            RawClient.Answer last = client.read(true);
            assertThat(last.body()).isEqualTo("x");
            assertThat(last.header("Connection")).contains("close");
            closed.get(60, SECONDS);
        }
    }

    private boolean canConnect() {
        try (var socket = new java.net.Socket("127.0.0.1", port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Tag("W-50")
    void whoeverWaitsInTheBacklogIsServed() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        app.get("/stick", (request, response) -> {
            stuck.countDown();
            mayGoOn.await();
            response.send("done");
        });
        List<RawClient> clients = new ArrayList<>();
        CompletableFuture<Void> closed;
        try (RawClient first = new RawClient(port())) {
            first.write("GET /stick HTTP/1.1\r\nHost: h\r\n\r\n");
            stuck.await();
            for (int i = 0; i < 200; i++) {
                RawClient client = new RawClient(port());
                client.write(GET);
                clients.add(client);
            }
            closed = close(PATIENT);
            awaitLife(Server.Life.CLOSING);
            mayGoOn.countDown();

            assertThat(first.read(true).body()).isEqualTo("done");
            for (RawClient client : clients) {
                assertThat(client.read(true).body()).isEqualTo("x");
                client.close();
            }
        }
        closed.get(60, SECONDS);
    }

    @Test
    @Tag("W-50")
    void aServerWithNothingInWorkEndsAtOnce() throws Exception {
        port();
        close(new Drain(Duration.ZERO, LONG, LONG, LONG)).get(60, SECONDS);

        assertThat(server.life()).isEqualTo(Server.Life.CLOSED);
        server = null;
        try (RawClient quiet = new RawClient(port())) {
            quiet.write(GET);
            quiet.read(true);
            close(PATIENT.withQuiet(Duration.ofMillis(1))).get(60, SECONDS);
        }
    }

    @Test
    @Tag("W-51")
    void duringTheNoticeItGoesOnAndSaysThatItIsNotReady() throws Exception {
        app.install(Health.at("/health"));
        assertThat(RawClient.get(port(), "/health/ready").body()).isEqualTo("ok");
        CompletableFuture<Void> closed = close(Drain.none().withNotice(LONG));
        awaitLife(Server.Life.CLOSING);

        assertThat(RawClient.get(port(), "/").status()).isEqualTo(200);
        RawClient.Answer answer = RawClient.get(port(), "/health/ready");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("shop is closing");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(RawClient.get(port(), "/health/live").status()).isEqualTo(200);
        assertThat(RawClient.get(port(), "/health/started").status()).isEqualTo(200);
        assertThatThrownBy(() -> server.replace(app)).hasMessageContaining("is closing: it takes no other application");
        server.close(Duration.ZERO);
        closed.get(60, SECONDS);
    }

    // ---- what is in work

    /// Waits while a test runs for a line in the log.
    private static final class Logged implements AutoCloseable {
        private final Logger logger = Logger.getLogger("dev.thrum.web.shop");
        private final CountDownLatch seen = new CountDownLatch(1);
        private final Pattern line;

        Logged(String line) {
            this.line = Pattern.compile(line);
            logger.setFilter(this::keep);
        }

        private boolean keep(LogRecord entry) {
            if (line.matcher(entry.getMessage()).matches()) {
                seen.countDown(); // not the first one if the loop was too busy to tell what is left
            }
            return false;
        }

        @Override
        public void close() {
            logger.setFilter((Filter) null);
        }
    }

    @Test
    @Tag("W-52")
    void aLineEachSecondTellsWhatIsLeft() throws Exception {
        Resolver<String> work = Resolver.create();
        CountDownLatch asked = new CountDownLatch(1);
        app.get("/slow", (request, response) -> {
            response.send(work.promise());
            asked.countDown();
        });
        try (Logged logged = new Logged("shop: 1 request left: GET /slow \\d+ s");
                RawClient client = new RawClient(port())) {
            client.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            asked.await();
            CompletableFuture<Void> closed = close(PATIENT);
            assertThat(logged.seen.await(60, SECONDS)).isTrue();
            work.resolve("done");

            assertThat(client.read(true).body()).isEqualTo("done");
            closed.get(60, SECONDS);
        }
    }

    @Test
    @Tag("W-53")
    void whatTakesTooLongIsCancelledAndToldThenTheKernelEnds() throws Exception {
        Kernel kernel = Kernel.start(1);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
        app.get("/slow", Handler.on(kernel.in("slow"), (request, response) -> {
                    Scope.current().onCancel(cancelled::complete);
                    running.countDown();
                    new CountDownLatch(1).await();
                }))
                .onStop("kernel", LONG, () -> {
                    kernel.close();
                    log.add("kernel");
                });
        try (RawClient client = new RawClient(port())) {
            client.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            running.await();

            CompletableFuture<Void> closed = close(new Drain(Duration.ZERO, LONG, Duration.ofMillis(1), LONG));

            RawClient.Answer answer = client.read(true);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("the server stops, and this has taken too long");
            assertThat(answer.header("Retry-After")).contains("1");
            assertThat(answer.header("Connection")).contains("close");
            closed.get(60, SECONDS);
            assertThat(cancelled.get(60, SECONDS)).hasMessageContaining("the server stops");
            assertThat(log).containsExactly("kernel");
        }
    }

    @Test
    @Tag("W-53")
    void aLoopThatIsStuckKeepsNobodyElseFromHearingOfTheEnd() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch maySettle = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Resolver<String> never = Resolver.create(); // held, or the collector would end the wait
        app.get("/stuck", (request, response) -> {
                    stuck.countDown();
                    maySettle.await();
                    response.send("settled");
                })
                .get("/slow", (request, response) -> {
                    response.send(never.promise());
                    asked.countDown();
                });
        server = app.start(ANY_PORT.withLoops(2).withTurns()); // the first loop accepts for both
        try (RawClient first = new RawClient(port());
                RawClient second = new RawClient(port())) {
            second.write(GET);
            second.read(true); // it has been handed over
            first.write("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n");
            stuck.await();
            second.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            asked.await();

            CompletableFuture<Void> closed = close(new Drain(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1), LONG));

            RawClient.Answer answer = second.read(true);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Connection")).contains("close");
            maySettle.countDown();
            closed.get(60, SECONDS);
        } finally {
            maySettle.countDown();
        }
    }

    @Test
    @Tag("W-53")
    void aStreamThatDoesNotEndIsCutOff() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        app.get("/stream", (request, response) -> {
            var _ = response.start().write("tick");
            asked.countDown();
        });
        try (RawClient client = new RawClient(port())) {
            client.write("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
            asked.await();

            close(new Drain(Duration.ZERO, LONG, Duration.ofMillis(1), LONG)).get(60, SECONDS);

            assertThatThrownBy(() -> client.read(true)).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Tag("W-53")
    void whoeverJoinsWaitsForTheLastPhaseToo() throws Exception {
        CountDownLatch inPhase = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        app.onStop("slow", LONG, () -> {
            inPhase.countDown();
            mayEnd.await();
            log.add("phase");
        });
        port();
        CompletableFuture<Void> closed = close(PATIENT);
        inPhase.await();
        assertThat(server.life()).isEqualTo(Server.Life.CLOSING);
        mayEnd.countDown();
        server.join();

        assertThat(log).containsExactly("phase");
        closed.get(60, SECONDS);
    }

    @Test
    void aStepIsNotNegative() {
        assertThatThrownBy(() -> Drain.standard().withQuiet(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("quiet must be 0 to 3,650 days: PT-0.001S");
    }

    @Test
    @Tag("W-51")
    void healthMayBeThatOfOthersUnderConditions() throws IOException {
        port();
        WebApp admin = WebApp.create().install(Health.at("").of(server).with("database", () -> {
            throw new IllegalStateException("no connection");
        }));
        try (Server other = admin.start(ANY_PORT)) {
            int at = other.ports().getFirst();
            assertThat(RawClient.get(at, "/started").body()).isEqualTo("ok");
            assertThat(RawClient.get(at, "/ready").body()).isEqualTo("database is not there");
            server.close();
            assertThat(RawClient.get(at, "/ready").body()).isEqualTo("shop is closed\ndatabase is not there");
        }
    }
}
