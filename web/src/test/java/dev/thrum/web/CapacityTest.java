package dev.thrum.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.net.Buffered;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server does when more is asked of it than it can do.
@Timeout(120)
class CapacityTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String SLOW = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String FAST = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final int MIB = 1 << 20;

    private final LinkedBlockingQueue<Resolver<String>> works = new LinkedBlockingQueue<>();
    private final List<RawClient> clients = new ArrayList<>();
    private final WebApp app = WebApp.create()
            .get("/", (request, response) -> response.send("fast"))
            .get("/slow", (request, response) -> {
                Resolver<String> work = Resolver.create();
                response.send(work.promise());
                works.add(work);
            });
    private Server server;

    private static Capacity capacity(int requests, int waiting) {
        return Capacity.standard().withRequests(requests).withWaiting(waiting, LONG);
    }

    private int port() {
        if (server == null) {
            server = app.start(ANY_PORT);
        }
        return server.ports().getFirst();
    }

    private RawClient ask(String request) throws IOException {
        RawClient client = new RawClient(port());
        clients.add(client);
        client.write(request);
        return client;
    }

    private Resolver<String> work() throws InterruptedException {
        Resolver<String> work = works.poll(60, SECONDS);
        assertThat(work).isNotNull();
        return work;
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close(Duration.ZERO);
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    @Tag("W-60")
    void whatIsBeyondTheLimitWaitsForItsTurn() throws Exception {
        app.capacity(capacity(1, 2));
        RawClient first = ask(SLOW);
        Resolver<String> work = work();
        RawClient second = ask(SLOW + FAST + FAST); // pipelined: two stand in line, and the third is one too many
        while (server.shed() == 0) {
            Thread.onSpinWait();
        }
        assertThat(works).isEmpty();
        work.resolve("one");

        assertThat(first.read(true).body()).isEqualTo("one");
        work().resolve("two");
        assertThat(second.read(true).body()).isEqualTo("two");
        assertThat(second.read(true).body()).isEqualTo("fast");
        assertThat(second.read(true).status()).isEqualTo(503);
    }

    @Test
    @Tag("W-60")
    void whatIsBeyondTheLineIsRefusedWithAReasonAndCounted() throws Exception {
        app.capacity(capacity(1, 0)).install(Health.at("/health"));
        RawClient first = ask(SLOW);
        Resolver<String> work = work();

        RawClient.Answer answer = RawClient.get(port(), "/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("1");
        assertThat(answer.body()).contains("too many requests are in work (limit requests)");
        assertThat(server.shed()).isEqualTo(1);
        assertThat(RawClient.get(port(), "/health/ready").status()).isEqualTo(200);
        work.resolve("one");
        first.read(true);
        assertThat(RawClient.get(port(), "/").body()).isEqualTo("fast");
    }

    @Test
    @Tag("W-60")
    void nobodyWaitsForEver() throws Exception {
        app.capacity(Capacity.standard().withRequests(1).withWaiting(10, Duration.ofMillis(20)));
        ask(SLOW);
        Resolver<String> work = work();

        assertThat(ask(SLOW).read(true).status()).isEqualTo(503);
        assertThat(server.shed()).isEqualTo(1);
        work.resolve("one");
        clients.getFirst().read(true);
        assertThat(RawClient.get(port(), "/").body()).isEqualTo("fast");
        assertThat(works).isEmpty();
    }

    @Test
    @Tag("W-60")
    void whoeverLeavesTheLineTakesNoPlace() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        app.capacity(capacity(1, 10)).on(Event.Disconnected.class, event -> gone.countDown());
        RawClient first = ask(SLOW);
        Resolver<String> work = work();
        ask(SLOW).close();
        gone.await();
        RawClient third = ask(FAST);
        work.resolve("one");

        assertThat(first.read(true).body()).isEqualTo("one");
        assertThat(third.read(true).body()).isEqualTo("fast");
        assertThat(works).isEmpty();
    }

    @Test
    @Tag("W-60")
    void anApplicationWithMoreRoomTakesThoseInLine() throws Exception {
        app.capacity(capacity(1, 10));
        ask(SLOW);
        Resolver<String> one = work();
        RawClient second = ask(SLOW);
        RawClient probe = ask(SLOW);
        var _ = server.replace(app.capacity(capacity(10, 10)));

        work().resolve("two");
        work().resolve("two");
        assertThat(second.read(true).body()).isEqualTo("two");
        assertThat(probe.read(true).body()).isEqualTo("two");
        one.resolve("one");
    }

    @Test
    @Tag("W-61")
    void aKernelWithTooMuchToDoIsAReason() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Kernel kernel = Kernel.start(1, config -> config.withName("jobs"))) {
            app.refuseAbove(kernel, 2).install(Health.at("/health"));
            assertThat(RawClient.get(port(), "/").status()).isEqualTo(200);
            for (int i = 0; i < 4; i++) {
                kernel.submit(() -> {
                    begun.countDown();
                    mayEnd.await();
                    return true;
                });
            }
            begun.await();
            while (RawClient.get(port(), "/").status() != 503) {} // it is looked at now and then
            assertThat(RawClient.get(port(), "/").body()).contains("too much waits for workers (kernel jobs)");
            assertThat(RawClient.get(port(), "/health/ready").status()).isEqualTo(200);
            mayEnd.countDown();
            while (RawClient.get(port(), "/").status() != 200) {}
        }
    }

    @Test
    @Tag("W-61")
    void aConditionIsAskedUnderTheRequest() throws Exception {
        LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
        app.refuseWhile("it rains", () -> asked.add(Scope.current().get(Scope.WORK).orElseThrow().get()));

        RawClient.Answer answer = RawClient.get(port(), "/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("it rains");
        assertThat(asked.poll(60, SECONDS)).isEqualTo("GET /");
    }

    // ---- under load

    @Test
    @Tag("W-62")
    void nobodyIsForgottenInLineAndTheLimitHolds() throws Exception {
        long until = System.nanoTime() + Long.getLong("thrum.stress.millis", 1_000) * 1_000_000;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Kernel kernel = Kernel.start(2)) {
            app.capacity(capacity(3, 1_000)).get("/work", (request, response) -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                request.onFinished(running::decrementAndGet);
                if (ThreadLocalRandom.current().nextBoolean()) {
                    response.send("x");
                } else {
                    response.send(kernel.submit(() -> "x"));
                }
            });
            server = app.start(ANY_PORT.withLoops(2));
            List<CompletableFuture<Void>> hammers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                hammers.add(CompletableFuture.runAsync(() -> hammer(until), task -> Thread.ofVirtual().start(task)));
            }
            for (CompletableFuture<Void> hammer : hammers) {
                hammer.get(100, SECONDS);
            }
        }
        assertThat(most.get()).isBetween(1, 3 + 2);
        assertThat(server.shed()).isZero();
    }

    private void hammer(long until) {
        try (RawClient client = new RawClient(port())) {
            while (System.nanoTime() < until) {
                client.write("GET /work HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.read(true).body()).isEqualTo("x");
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- memory

    private long awaitHeld(AtomicLong now) throws IOException {
        do {
            RawClient.get(port(), "/health/ready");
        } while (now.get() > 0);
        return now.get();
    }

    @Test
    @Tag("W-63")
    void clientsThatDoNotReadStayInTheBudget() throws Exception {
        int count = Long.getLong("thrum.stress.millis", 300) < 20_000 ? 200 : 9_500; // both ends have a descriptor each, of 20,000
        AtomicLong most = new AtomicLong();
        AtomicLong now = new AtomicLong();
        Resolver<String> together = Resolver.create();
        byte[] large = new byte[8 * MIB]; // the system itself takes up to four, as much as it learned from earlier connections
        app.capacity(Capacity.standard().withMemory(64 * MIB))
                .install(Health.at("/health").with("look", () -> {
                    now.set(Buffered.here().bytes());
                    return true;
                }))
                .on(Event.ResponseFinished.class, event ->
                        most.accumulateAndGet(Buffered.here().bytes(), Math::max))
                .get("/large", (request, response) -> response.send(large))
                .get("/later", (request, response) -> response.send(together.promise().map(text -> large)));
        for (int i = 0; i < count; i++) {
            ask("GET " + (i % 2 == 0 ? "/later" : "/large") + " HTTP/1.1\r\nHost: h\r\n\r\n");
            if (i % 50 == 0) {
                assertThat(RawClient.get(port(), "/health/live").status()).isEqualTo(200);
            }
        }
        RawClient.get(port(), "/health/ready");
        together.resolve("go");
        RawClient.get(port(), "/health/ready");

        assertThat(server.shed()).isPositive();
        assertThat(most.get()).isBetween(32L * MIB, 73L * MIB);
        for (RawClient client : clients) {
            client.close();
        }
        assertThat(awaitHeld(now)).isZero();
    }

    @Test
    @Tag("W-63")
    void bodiesThatAreCollectedStayInTheBudget() throws Exception {
        AtomicLong now = new AtomicLong();
        app.capacity(Capacity.standard().withMemory(2 * MIB))
                .install(Health.at("/health").with("look", () -> {
                    now.set(Buffered.here().bytes());
                    return true;
                }))
                .post("/", (request, response) -> response.send(request.bytes().map(bytes -> bytes.length + "")));
        String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ";
        RawClient first = ask(head + "1000000\r\n\r\n");
        RawClient second = ask(head + "1900000\r\n\r\n");
        RawClient.get(port(), "/health/ready"); // both heads have been read
        first.write("x".repeat(900_000));
        while (now.get() < 900_000) {
            RawClient.get(port(), "/health/ready");
        }
        second.write("x".repeat(1_900_000)); // more than is left, however the first has grown

        RawClient.Answer answer = second.read(true);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("too much is held for other requests (limit memory)");
        first.write("x".repeat(100_000));
        assertThat(first.read(true).body()).isEqualTo("1000000");
        assertThat(awaitHeld(now)).isZero();
    }

    @Test
    void limitsAreReasonable() {
        assertThatThrownBy(() -> Capacity.standard().withRequests(0)).hasMessage("requests must be 1 or more: 0");
        assertThatThrownBy(() -> Capacity.standard().withMemory(1)).hasMessage("memory must be 1048576 or more: 1");
        assertThatThrownBy(() -> Capacity.standard().withWaiting(1, Duration.ZERO))
                .hasMessage("patience must be a millisecond to an hour: PT0S");
        assertThatThrownBy(() -> Capacity.standard().withWaiting(-1, LONG)).hasMessage("waiting must be 0 or more: -1");
    }
}
