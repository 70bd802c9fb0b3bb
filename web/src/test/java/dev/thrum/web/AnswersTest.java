package dev.thrum.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.http.Timeouts;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.TaskKilledException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where handlers run, and in what ways they answer.
@Timeout(120)
class AnswersTest {
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

    private static String post(int length) {
        return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n";
    }

    // ---- on virtual threads

    @Test
    @Tag("W-22")
    void aBlockingHandlerRunsOnAVirtualThreadUnderItsRequest() throws IOException {
        app.get("/{x}", Handler.blocking((request, response) -> {
            assertThat(dev.thrum.scope.Scope.current().toString()).isEqualTo("GET /a");
            Thread.ofVirtual().start(() -> {}).join(); // blocks
            response.send(Thread.currentThread().isVirtual() + " " + request.path("x"));
        }));

        assertThat(RawClient.get(port(), "/a").body()).isEqualTo("true a");
    }

    @Test
    @Tag("W-22")
    void whatABlockingHandlerThrowsIsAnsweredSafelyAndTold() throws IOException {
        app.get("/403", Handler.blocking((request, response) -> {
                    throw new HttpException(403, "not for you");
                }))
                .get("/500", Handler.blocking((request, response) -> {
                    throw new IOException("secret");
                }))
                .on(Event.Failed.class, event -> log.add(event.problem().getMessage()));

        assertThat(RawClient.get(port(), "/403").body()).contains("not for you");
        assertThat(RawClient.get(port(), "/500").body()).doesNotContain("secret").contains("500");
        assertThat(log).containsExactly("403 not for you", "secret");
    }

    @Test
    @Tag("W-22")
    void soManyBlockingHandlersRunAtOnceAndTheOthersWaitInLine() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore gate = new Semaphore(0);
        app.get("/", Handler.blocking(2, (request, response) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            gate.acquire();
            running.decrementAndGet();
            response.send("done");
        }));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RawClient client = new RawClient(port());
            client.write(GET);
            clients.add(client);
        }
        gate.release(6);
        for (RawClient client : clients) {
            assertThat(client.read(true).body()).isEqualTo("done");
            client.close();
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    @Tag("W-22")
    void atTheEndOfTheLineARequestIsRefused() throws Exception {
        Semaphore gate = new Semaphore(0);
        app.get("/", Handler.blocking(1, (request, response) -> {
            gate.acquire();
            response.send("done");
        }));
        try (RawClient client = new RawClient(port())) {
            client.write(GET.repeat(12));
            gate.release(20);
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(client.read(true).status());
            }
            assertThat(answers.subList(0, 11)).containsOnly(200);
            assertThat(answers.get(11)).isIn(200, 503); // the first may have made room already
        }
    }

    @Test
    @Tag("W-22")
    void aClientThatGoesAwayInterruptsItsHandler() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        app.get("/", Handler.blocking((request, response) -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
                throw e;
            }
        }));
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            assertThat(asked.await(60, SECONDS)).isTrue();
        }

        assertThat(interrupted.get(60, SECONDS)).isTrue();
    }

    // ---- in a kernel

    @Test
    @Tag("W-23")
    void aHandlerMayRunInAKernel() throws IOException {
        try (Kernel kernel = Kernel.start(1, config -> config.withName("pages"))) {
            app.get("/{n:int}", Handler.on(kernel.in("page"), (request, response) -> {
                if (request.pathInt("n") == 0) {
                    throw new HttpException(404, "there is no page 0");
                }
                response.send(Thread.currentThread().getName() + " " + kernel.running().getFirst().category());
            }));

            assertThat(RawClient.get(port(), "/1").body()).startsWith("pages").endsWith(" page");
            assertThat(RawClient.get(port(), "/0").body()).contains("there is no page 0");
        }
    }

    @Test
    @Tag("W-23")
    void aKilledHandlerIsAnsweredSafely() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Kernel kernel = Kernel.start(1)) {
            app.get("/", Handler.on(kernel.in("hog"), (request, response) -> {
                        asked.countDown();
                        new CountDownLatch(1).await();
                    }))
                    .on(Event.Failed.class, event -> log.add(event.problem().getClass()));
            try (RawClient client = new RawClient(port())) {
                client.write(GET);
                assertThat(asked.await(60, SECONDS)).isTrue();
                kernel.kill("hog");

                assertThat(client.read(true).status()).isEqualTo(500);
            }
        }
        assertThat(log).containsExactly(TaskKilledException.class);
    }

    @Test
    @Tag("W-23")
    void aClientThatGoesAwayKillsItsTask() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        try (Kernel kernel = Kernel.start(1)) {
            app.get("/", Handler.on(kernel, (request, response) -> {
                asked.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                }
            }));
            try (RawClient client = new RawClient(port())) {
                client.write(GET);
                assertThat(asked.await(60, SECONDS)).isTrue();
            }

            assertThat(interrupted.get(60, SECONDS)).isTrue();
            assertThat(kernel.submit(() -> "fit").await()).isEqualTo("fit");
        }
    }

    // ---- what is answered

    @Test
    @Tag("W-24")
    void aCompletionStageIsAnsweredWhenItIsComplete() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        app.get("/", (request, response) -> {
            response.send(work.thenApply(String::toUpperCase));
            asked.countDown();
        });
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            assertThat(asked.await(60, SECONDS)).isTrue();
            work.complete("later");

            assertThat(client.read(true).body()).isEqualTo("LATER");
        }
    }

    @Test
    @Tag("W-24")
    void aStreamIsReadOnAThreadThatMayBlock() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        byte[] large = new byte[1_000_000];
        app.get("/", (request, response) -> response.send(new ByteArrayInputStream(large) {
            @Override
            public void close() {
                log.add(Thread.currentThread().isVirtual());
                closed.countDown();
            }
        }));

        assertThat(RawClient.get(port(), "/").body()).hasSize(1_000_000);
        assertThat(closed.await(60, SECONDS)).isTrue();
        assertThat(log).containsExactly(true);
    }

    @Test
    @Tag("W-24")
    void aStreamThatFailsCutsTheAnswerOff() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        app.get("/", (request, response) -> response.send(new InputStream() {
                    private int left = 50_000;

                    @Override
                    public int read() throws IOException {
                        if (left-- <= 0) {
                            throw new IOException("the disk is gone");
                        }
                        return 'x';
                    }
                }))
                .on(Event.Failed.class, event -> told.complete(event.problem()));
        try (RawClient client = new RawClient(port())) {
            client.write(GET);

            assertThatThrownBy(() -> client.read(true)).isInstanceOf(IOException.class);
        }
        assertThat(told.get(60, SECONDS)).hasMessage("the disk is gone");
    }

    @Test
    @Tag("W-24")
    void aClientThatGoesAwayEndsTheStream() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        app.get("/", (request, response) -> response.send(new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public void close() {
                closed.countDown();
            }
        }));
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            client.read(false);
        }

        assertThat(closed.await(60, SECONDS)).isTrue();
    }

    @Test
    @Tag("W-24")
    void aBlockingHandlerReadsAndWritesStreams() throws Exception {
        app.post("/", Handler.blocking((request, response) -> {
            try (InputStream input = request.input();
                    OutputStream output = response.start().output()) {
                input.transferTo(output);
            }
        }));
        try (RawClient client = new RawClient(port())) {
            client.write(post(300_000) + "0123456789".repeat(30_000) + post(3) + "abc" + post(0));

            assertThat(client.read(true).body()).isEqualTo("0123456789".repeat(30_000));
            assertThat(client.read(true).body()).isEqualTo("abc");
            assertThat(client.read(true).body()).isEmpty();
        }
    }

    @Test
    @Tag("W-24")
    void aStreamThatIsTooLongIsRefusedWhileItIsRead() throws Exception {
        app.limits(Limits.standard().withUpload(10))
                .post("/", Handler.blocking((request, response) ->
                        response.send(new String(request.input().readAllBytes(), ISO_8859_1))));
        try (RawClient client = new RawClient(port())) {
            client.write(post(10) + "0123456789" + post(11) + "0123456789a");

            assertThat(client.read(true).body()).isEqualTo("0123456789");
            assertThat(client.read(true).status()).isEqualTo(413);
        }
    }

    @Test
    @Tag("W-24")
    void aStreamThatIsClosedEarlyDropsTheRest() throws Exception {
        app.post("/", Handler.blocking((request, response) -> {
            InputStream input = request.input();
            int first = input.read();
            input.close();
            assertThatThrownBy(input::read).isInstanceOf(IOException.class);
            response.send(Character.toString(first));
        }));
        try (RawClient client = new RawClient(port())) {
            client.write(post(100_000) + "x".repeat(100_000) + post(1) + "y");

            assertThat(client.read(true).body()).isEqualTo("x");
            assertThat(client.read(true).body()).isEqualTo("y");
        }
    }

    @Test
    @Tag("W-24")
    void aReaderWhoseClientGoesAwayHearsOfIt() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        app.post("/", Handler.blocking((request, response) -> {
            try {
                request.input().readAllBytes();
            } catch (IOException gone) {
                told.complete(gone);
                throw gone;
            }
        }));
        try (RawClient client = new RawClient(port())) {
            client.write(post(10) + "abc");
        }

        assertThat(told.get(60, SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    @Tag("W-24")
    void theLoopMayNotBlockOnAStream() throws IOException {
        app.get("/", (request, response) -> {
            assertThatThrownBy(request::input).isInstanceOf(WrongThreadException.class);
            var writer = response.start();
            assertThatThrownBy(() -> {
                        try (OutputStream output = writer.output()) {
                            output.write(new byte[100]);
                            output.flush();
                        }
                    })
                    .isInstanceOf(WrongThreadException.class);
        });

        assertThat(RawClient.get(port(), "/").status()).isEqualTo(200);
    }

    // ---- and what is not

    @Test
    @Tag("W-25")
    void aRequestThatNobodyCanAnswerAnyMoreIsAnswered500() throws Exception {
        app.get("/", (request, response) -> log.add(request.method()))
                .on(Event.Failed.class, event -> log.add(event.problem().getMessage()));
        try (RawClient client = new RawClient(port())) {
            client.write(GET);
            Thread collector = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    System.gc();
                    java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                }
            });

            assertThat(client.read(true).status()).isEqualTo(500);
            collector.interrupt();
        }
        assertThat(log).contains("the handler has returned, and nobody who could answer is left");
    }

    @Test
    @Tag("W-25")
    void aRequestThatIsNotAnsweredInTimeIsAnswered500() throws Exception {
        List<Object> kept = new CopyOnWriteArrayList<>();
        app.timeouts(Timeouts.standard().withResponse(Duration.ofMillis(50)))
                .get("/", (request, response) -> kept.add(response));

        assertThat(RawClient.get(port(), "/").status()).isEqualTo(500);
        assertThat(kept).hasSize(1);
    }
}
