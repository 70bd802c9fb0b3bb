package dev.thrum.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.BodyWriter;
import dev.thrum.http.Limits;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One application takes the place of another, with its sockets open.
@Timeout(120)
class ReplaceTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final WebApp old = answering("old");
    private Server server;

    private static WebApp answering(String text) {
        return WebApp.create().named(text).get("/", (request, response) -> response.send(text));
    }

    private int port() {
        if (server == null) {
            server = old.start(ANY_PORT);
        }
        return server.ports().getFirst();
    }

    private void await(Promise<Server> replaced) throws InterruptedException {
        assertThat(replaced.await()).isSameAs(server);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    @Test
    @Tag("W-40")
    void theNextRequestOfAnOpenConnectionIsAnsweredByTheNewOne() throws Exception {
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            assertThat(client.read(true).body()).isEqualTo("old");

            await(server.replace(answering("new").limits(Limits.standard().withHeaders(64, 1))));

            client.write(GET);
            assertThat(client.read(true).body()).isEqualTo("new");
            assertThat(server.name()).isEqualTo("new");
            client.write("GET / HTTP/1.1\r\nHost: h\r\nAccept: x\r\n\r\n");
            assertThat(client.read(true).status()).isEqualTo(431);
        }
    }

    @Test
    @Tag("W-40")
    void whatIsInWorkIsFinishedByTheOldOneWithItsHooksAndItsBindings() throws Exception {
        Key<String> color = Key.of("color");
        CompletableFuture<Resolver<String>> asked = new CompletableFuture<>();
        CountDownLatch finished = new CountDownLatch(1);
        old.bind(color, "blue")
                .on(Event.ResponseFinished.class, event -> finished.countDown())
                .get("/slow", (request, response) -> {
                    Resolver<String> work = Resolver.create();
                    response.send(work.promise().map(text ->
                            text + " " + Scope.current().get(color).orElseThrow()));
                    asked.complete(work);
                });
        try (RawClient client = new RawClient(port())) {
            client.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n" + GET);
            Resolver<String> work = asked.get(60, SECONDS);
            Promise<Server> replaced = server.replace(answering("new").bind(color, "red"));

            assertThat(RawClient.get(port(), "/").body()).isEqualTo("new");
            assertThat(replaced.state()).isInstanceOf(Promise.Pending.class);
            work.resolve("old");

            assertThat(client.read(true).body()).isEqualTo("old blue");
            client.read(true);
            await(replaced);
            assertThat(finished.getCount()).isZero();
        }
    }

    @Test
    @Tag("W-40")
    void aStreamGoesOnUntilItsEnd() throws Exception {
        CompletableFuture<BodyWriter> streaming = new CompletableFuture<>();
        old.get("/stream", (request, response) -> streaming.complete(response.start()));
        try (RawClient client = new RawClient(port())) {
            client.write("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyWriter writer = streaming.get(60, SECONDS);
            Promise<Server> replaced = server.replace(answering("new"));
            var _ = writer.write("still here");
            writer.finish();

            assertThat(client.read(true).body()).isEqualTo("still here");
            await(replaced);
        }
    }

    // ---- no going back

    @Test
    @Tag("W-41")
    void aPhaseThatFailsLeavesTheOldOneInItsPlace() throws Exception {
        WebApp unfit = answering("new")
                .onStart("first", LIMIT, () -> log.add("first"))
                .onStart("database", LIMIT, () -> {
                    throw new IOException("no such host");
                })
                .onStart("last", LIMIT, () -> log.add("last"))
                .onStop("undo", LIMIT, () -> log.add("undo"))
                .install(new Heard("plugin", log));
        port();

        assertThatThrownBy(() -> server.replace(unfit))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("start phase 'database' has failed: java.io.IOException: no such host")
                .hasCauseInstanceOf(IOException.class);
        assertThat(log).containsExactly("first", "undo");
        assertThat(RawClient.get(port(), "/").body()).isEqualTo("old");
        await(server.replace(answering("new")));
        assertThat(RawClient.get(port(), "/").body()).isEqualTo("new");
    }

    /// Says what it hears.
    private static class Heard implements Plugin {
        private final String name;
        private final List<String> log;

        Heard(String name, List<String> log) {
            this.name = name;
            this.log = log;
        }

        @Override
        public void install(WebApp app) {}

        @Override
        public void started(Server server) {
            log.add(name + " started");
        }

        @Override
        public void stopped(Server server) {
            log.add(name + " stopped");
        }
    }

    private static final class Broken implements Plugin {
        @Override
        public void install(WebApp app) {}

        @Override
        public void started(Server server) {
            throw new IllegalStateException("as planned");
        }
    }

    @Test
    @Tag("W-41")
    void aPluginThatCannotStartLeavesTheOldOneInItsPlace() throws IOException {
        WebApp unfit = answering("new").install(new Heard("plugin", log), new Broken());
        port();

        assertThatThrownBy(() -> server.replace(unfit)).hasMessage("as planned");
        assertThat(log).containsExactly("plugin started", "plugin stopped");
        assertThat(RawClient.get(port(), "/").body()).isEqualTo("old");
    }

    private static final class Other extends Heard {
        Other(String name, List<String> log) {
            super(name, log);
        }
    }

    @Test
    @Tag("W-41")
    void pluginsHearOfTheChangeButForThoseOfBoth() throws Exception {
        Plugin both = new Heard("both", log);
        old.install(both, new Other("old", log)).onStop("stop", LIMIT, () -> log.add("old phase"));
        port();

        await(server.replace(answering("new").install(both, new Other("new", log))));
        assertThat(log).containsExactly("both started", "old started", "new started", "old stopped", "old phase");
        server.close();
        assertThat(log.subList(5, log.size())).containsExactly("new stopped", "both stopped");
    }

    // ---- nothing is left

    /// Loads a plugin's class as if it had come in a jar of its own.
    private static final class Apart extends ClassLoader {
        Apart() {
            super(ReplaceTest.class.getClassLoader());
        }

        Plugin load() throws Exception {
            String name = Loaded.class.getName();
            try (var in = ReplaceTest.class.getResourceAsStream("ReplaceTest$Loaded.class")) {
                byte[] bytes = in.readAllBytes();
                return (Plugin) defineClass(name, bytes, 0, bytes.length).getDeclaredConstructor().newInstance();
            }
        }
    }

    /// Takes part in everything that it can.
    public static final class Loaded implements Plugin {
        @Override
        public void install(WebApp app) {
            app.bind(Key.of("loaded"), this)
                    .on(Event.Connected.class, event -> toString())
                    .on(Event.ResponseFinished.class, event -> toString())
                    .awaiting(Event.PreRoute.class, event -> Promise.of(this))
                    .onStart("load", Duration.ofSeconds(60), this::toString)
                    .onStop("unload", Duration.ofSeconds(60), this::toString)
                    .get("/", (request, response) -> response.send(Promise.of("old").map(text -> text)));
        }
    }

    private WeakReference<ClassLoader> startLoaded() throws Exception {
        Apart loader = new Apart();
        Plugin plugin = loader.load();
        assertThat(plugin.getClass()).isNotSameAs(Loaded.class);
        server = WebApp.create().install(plugin).start(ANY_PORT, ANY_PORT);
        return new WeakReference<>(loader);
    }

    @Test
    @Tag("W-42")
    void nothingRefersToTheOldOneAnyMoreWhileItsConnectionsLiveOn() throws Exception {
        WeakReference<ClassLoader> loader = startLoaded();
        List<RawClient> clients = new ArrayList<>();
        for (int port : server.ports()) {
            RawClient client = new RawClient(port);
            client.write(GET);
            assertThat(client.read(true).body()).isEqualTo("old");
            clients.add(client);
        }
        await(server.replace(answering("new")));

        for (int i = 0; i < 600 && !loader.refersTo(null); i++) {
            System.gc();
            Thread.sleep(20); // the collector takes its own time
        }
        assertThat(loader.refersTo(null)).isTrue();
        for (RawClient client : clients) {
            client.write(GET);
            assertThat(client.read(true).body()).isEqualTo("new");
            client.close();
        }
    }

    // ---- under load

    /// Asks again and again, on a connection that it keeps, and for a while on a new one each time; never may an answer be
    /// missing, or older than what anybody had got before the question.
    private void hammer(int port, AtomicInteger newest, AtomicBoolean enough, AtomicLong answers) throws IOException {
        while (!enough.get()) {
            try (RawClient client = new RawClient(port)) {
                for (int i = 0; i < 200 && !enough.get(); i++) {
                    int before = newest.get();
                    client.write(GET);
                    RawClient.Answer answer = client.read(true);
                    assertThat(answer.status()).isEqualTo(200);
                    int version = Integer.parseInt(answer.body());
                    assertThat(version).isGreaterThanOrEqualTo(before);
                    newest.accumulateAndGet(version, Math::max);
                    answers.incrementAndGet();
                }
            }
        }
    }

    private static WebApp number(int number) {
        String text = Integer.toString(number);
        return WebApp.create().get("/", (request, response) ->
                response.send(number % 2 == 0 ? Promise.of(text) : Promise.of(text).on(Runnable::run)));
    }

    @Test
    @Tag("W-43")
    void noRequestFailsAndNoneIsAnsweredByAnOlderOneWhileApplicationsChange() throws Exception {
        int rounds = 40;
        server = number(0).start(ANY_PORT.withLoops(2), ANY_PORT);
        AtomicInteger newest = new AtomicInteger();
        AtomicLong answers = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int port = server.ports().get(i % 2);
            CompletableFuture<Void> client = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    hammer(port, newest, enough, answers);
                    client.complete(null);
                } catch (Throwable problem) {
                    client.completeExceptionally(problem);
                }
            });
            clients.add(client);
        }
        try {
            for (int i = 1; i <= rounds; i++) {
                await(server.replace(number(i)));
                long seen = answers.get(); // of which each client may count one more that is older
                while (answers.get() < seen + 20 && clients.stream().noneMatch(CompletableFuture::isDone)) {
                    Thread.onSpinWait();
                }
            }
        } finally {
            enough.set(true);
        }
        for (CompletableFuture<Void> client : clients) {
            client.get(60, SECONDS);
        }
        assertThat(newest).hasValue(rounds);
        assertThat(server.turnedAway()).isZero();
    }

    // ---- not now, not here

    @Test
    @Tag("W-41")
    void aClosedServerTakesNoOther() {
        port();
        server.close();

        assertThatThrownBy(() -> server.replace(answering("new").onStop("undo", LIMIT, () -> log.add("undo"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed: it takes no other application");
        assertThat(log).containsExactly("undo");
    }

    @Test
    @Tag("W-41")
    void oneReplacementAtATime() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        port();
        CompletableFuture<Promise<Server>> first = CompletableFuture.supplyAsync(
                () -> server.replace(answering("first").onStart("slow", LIMIT, () -> {
                    begun.countDown();
                    mayEnd.await();
                })),
                task -> Thread.ofVirtual().start(task));
        assertThat(begun.await(60, SECONDS)).isTrue();

        assertThatThrownBy(() -> server.replace(answering("second")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("another application is just being put in the place of old");
        mayEnd.countDown();
        await(first.get(60, SECONDS));
        assertThat(server.name()).isEqualTo("first");
    }

    @Test
    void aLoopCannotWaitForTheReplacement() throws IOException {
        old.get("/replace", (request, response) -> server.replace(answering("new")))
                .on(Event.Failed.class, event -> log.add(event.problem().getClass().getSimpleName()));

        assertThat(RawClient.get(port(), "/replace").status()).isEqualTo(500);
        assertThat(log).containsExactly("WrongThreadException");
    }
}
