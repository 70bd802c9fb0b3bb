package dev.thrum.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Limits;
import dev.thrum.kernel.Kernel;
import dev.thrum.loop.LoopLocal;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Wookie's threading page: the same application on many ports, one port on many loops, different applications on different
/// ports, in any mix, in one process.
@Timeout(120)
class ManyApplicationsTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final int COUNT = 20;
    private static final LoopLocal<AtomicInteger> OF_LOOP = LoopLocal.of(AtomicInteger::new);

    private final List<Tenant> tenants = new ArrayList<>();

    /// Knows one application by its number, which all that belongs to it has to be told apart by.
    private static final class Numbered implements Plugin {
        static final Key<Integer> NUMBER = Key.of("number");

        private final int number;

        Numbered(int number) {
            this.number = number;
        }

        @Override
        public void install(WebApp app) {
            app.bind(NUMBER, number).get("/plugin", (request, response) -> response.send("plugin " + number));
        }
    }

    /// An application, its server, and what its hooks have counted.
    private static final class Tenant {
        final int number;
        final AtomicInteger requests = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        final WebApp app;
        Server server;

        Tenant(int number) {
            this.number = number;
            this.app = WebApp.create()
                    .named("app-" + number)
                    .limits(Limits.standard().withBody(1_000 + number))
                    .admission(Admission.standard().withConnections(10_000 + number))
                    .capacity(Capacity.standard().withRequests(100 + number))
                    .logLevel(number % 2 == 0 ? Level.ERROR : Level.OFF)
                    .errorBudget(ErrorBudget.of((1 + number) / 100.0, Duration.ofMinutes(1))
                            .withLeast(number % 4 == 3 ? 1_000 : 1))
                    .install(new Numbered(number))
                    .on(Event.HeadersParsed.class, event -> requests.incrementAndGet())
                    .on(Event.Failed.class, event -> failures.incrementAndGet())
                    .get("/only-" + number, (request, response) -> response.send("mine"))
                    .post("/body", (request, response) -> response.send(request.bytes()))
                    .get("/throw", (request, response) -> {
                        throw new IllegalStateException("as planned");
                    })
                    .get("/park", (request, response) -> {
                        mayGoOn.await();
                        response.send("parked");
                    })
                    .get("/log", (request, response) -> {
                        for (Level level : List.of(Level.WARNING, Level.ERROR)) {
                            Server.current().orElseThrow().logger().log(level, "line of " + number);
                        }
                        response.send("logged");
                    })
                    .get("/who", (request, response) -> response.send(Server.current().orElseThrow().name() + " "
                            + Scope.current().get(Numbered.NUMBER).orElseThrow() + " "
                            + OF_LOOP.get().incrementAndGet()));
        }

        /// Two ports for each, in every kind of mix.
        void start() {
            server = switch (number % 3) {
                case 0 -> app.start(ANY_PORT, ANY_PORT);
                case 1 -> app.start(ANY_PORT.withLoops(2), ANY_PORT);
                default -> app.start(ANY_PORT.withLoops(2), ANY_PORT.withLoops(2));
            };
        }

        /// Asks on one port, and checks that nothing of another application answers.
        void visit(int port) {
            try {
                int other = (number + 1) % COUNT;
                assertThat(RawClient.get(port, "/who").body()).startsWith("app-" + number + " " + number + " ");
                assertThat(RawClient.get(port, "/plugin").body()).isEqualTo("plugin " + number);
                assertThat(RawClient.get(port, "/only-" + number).body()).isEqualTo("mine");
                assertThat(RawClient.get(port, "/only-" + other).status()).isEqualTo(404);
                assertThat(post(port, 1_000 + number)).isEqualTo(200);
                assertThat(post(port, 1_001 + number)).isEqualTo(413);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void ask(int port, String path) {
            try {
                RawClient.get(port, path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// {@return the metrics, once so many requests are over: what is written is counted a moment later}
        Metrics counted(int requests) {
            while (server.metrics().requests() < requests) {
                Thread.onSpinWait();
            }
            return server.metrics();
        }

        /// {@return what is spent, once somebody has looked at so many answers: a second later}
        ErrorBudget.Spending spending(int answers) {
            while (server.errorBudget().orElseThrow().answers() < answers) {
                Thread.onSpinWait();
            }
            return server.errorBudget().orElseThrow();
        }

        private static int post(int port, int length) throws IOException {
            try (RawClient client = new RawClient(port)) {
                client.write("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));
                return client.read(true).status();
            }
        }
    }

    private void inParallel(List<Runnable> actions) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Runnable action : actions) {
            all.add(CompletableFuture.runAsync(action, task -> Thread.ofVirtual().start(task)));
        }
        for (CompletableFuture<Void> each : all) {
            each.get(100, SECONDS);
        }
    }

    /// Sets all up and starts them, each on a thread of its own, without a lock.
    private void startAll() throws Exception {
        List<Runnable> starts = new ArrayList<>();
        Tenant[] made = new Tenant[COUNT];
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            starts.add(() -> {
                made[number] = new Tenant(number);
                made[number].start();
            });
        }
        inParallel(starts);
        tenants.addAll(List.of(made));
    }

    private void visitAll(List<Tenant> visited, int times) throws Exception {
        List<Runnable> visits = new ArrayList<>();
        for (Tenant tenant : visited) {
            for (int port : tenant.server.ports()) {
                for (int i = 0; i < times; i++) {
                    visits.add(() -> tenant.visit(port));
                }
            }
        }
        inParallel(visits);
    }

    @AfterEach
    void stop() {
        tenants.forEach(tenant -> tenant.mayGoOn.countDown());
        tenants.forEach(tenant -> tenant.server.close(Duration.ZERO));
    }

    @Test
    @Tag("W-70")
    void twentyApplicationsOnFortyPortsAreSetUpAtOnceAndShareNothing() throws Exception {
        startAll();
        assertThat(tenants.stream().flatMap(tenant -> tenant.server.ports().stream()))
                .hasSize(2 * COUNT)
                .doesNotHaveDuplicates();

        visitAll(tenants, 2);

        for (Tenant tenant : tenants) {
            assertThat(tenant.requests).hasValue(2 * 2 * 6);
            assertThat(tenant.failures).hasValue(2 * 2 * 2); // the 404 and the 413
            assertThat(tenant.counted(2 * 2 * 6)).satisfies(metrics -> {
                assertThat(metrics.succeeded()).isEqualTo(2 * 2 * 4);
                assertThat(metrics.refused()).isEqualTo(2 * 2 * 2);
                assertThat(metrics.failed()).isZero();
            });
            assertThat(tenant.server.shares().stream().mapToLong(Server.Share::accepted).sum()).isEqualTo(2 * 2 * 6);
        }
        Tenant first = tenants.getFirst();
        first.server.close();
        visitAll(tenants.subList(1, COUNT), 1);
    }

    @Test
    @Tag("W-105")
    void eachApplicationHasItsOwnMetricsLogLevelAndErrorBudget() throws Exception {
        List<LogRecord> lines = Collections.synchronizedList(new ArrayList<>());
        Logger logger = Logger.getLogger("dev.thrum.web");
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line);
            }
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            startAll();
            List<Runnable> visits = new ArrayList<>();
            for (Tenant tenant : tenants) {
                for (int i = 0; i <= tenant.number; i++) {
                    visits.add(() -> tenant.ask(tenant.server.ports().getLast(), "/throw"));
                }
                visits.add(() -> tenant.ask(tenant.server.ports().getFirst(), "/log"));
            }
            inParallel(visits);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }

        for (Tenant tenant : tenants) {
            int number = tenant.number;
            assertThat(tenant.counted(number + 2).failed()).isEqualTo(number + 1);
            assertThat(tenant.server.metrics().succeeded()).isEqualTo(1);
            assertThat(tenant.spending(number + 2)).satisfies(spending -> {
                assertThat(spending.application()).isEqualTo("app-" + number);
                assertThat(spending.failures()).isEqualTo(number + 1);
                assertThat(spending.isSpent()).isEqualTo(number % 4 != 3);
            });
            assertThat(lines.stream().filter(line -> line.getLoggerName().equals("dev.thrum.web.app-" + number)))
                    .hasSize(number % 2 == 0 ? number + 2 : 0)
                    .allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(java.util.logging.Level.SEVERE));
        }
    }

    @Test
    @Tag("W-71")
    void aFailingALoopingAndAFloodingApplicationHarmNoOther() throws Exception {
        startAll();
        Tenant throwing = tenants.get(0);
        Tenant parked = tenants.get(3);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (Kernel kernel = Kernel.start(1);
                RawClient waiting = new RawClient(parked.server.ports().getFirst())) {
            waiting.write("GET /park HTTP/1.1\r\nHost: h\r\n\r\n");
            for (int i = 0; i < 10_000; i++) {
                kernel.in("flood").submit(() -> {
                    mayEnd.await();
                    return true;
                });
            }
            for (int i = 0; i < 10; i++) {
                assertThat(RawClient.get(throwing.server.ports().getFirst(), "/throw").status()).isEqualTo(500);
            }

            visitAll(tenants.stream().filter(tenant -> tenant != parked).toList(), 1);
            parked.visit(parked.server.ports().getLast()); // its other loop

            parked.mayGoOn.countDown();
            assertThat(waiting.read(true).body()).isEqualTo("parked");
            mayEnd.countDown();
        }
        visitAll(tenants, 1);
    }

    @Test
    @Tag("W-72")
    void theConnectionsOfAPortAreSpreadOverItsLoops() throws Exception {
        Tenant tenant = new Tenant(2);
        tenants.add(tenant);
        tenant.server = tenant.app.start(ANY_PORT.withLoops(2));
        int port = tenant.server.ports().getFirst();
        for (int i = 0; i < 400; i++) {
            RawClient.get(port, "/who");
        }

        assertThat(tenant.server.shares())
                .hasSize(2)
                .allSatisfy(share -> assertThat(share.accepted()).isBetween(100L, 300L)) // ten times the deviation
                .allSatisfy(share -> assertThat(share.port()).isEqualTo(port));
    }
}
