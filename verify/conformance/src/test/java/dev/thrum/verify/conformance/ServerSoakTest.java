package dev.thrum.verify.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.scope.Dump;
import dev.thrum.tls.Certificates;
import dev.thrum.tls.Identity;
import dev.thrum.web.Drain;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Load, replacements, reloads of certificates, kills and clients that are slow or go away, in any mix, for a while; then
/// everything is as it was.
///
/// `-Dthrum.soak.seconds=N` says how long; the profile stress soaks for a minute.
@Timeout(7_200)
class ServerSoakTest {
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("thrum.soak.seconds", 3));
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final int CLIENTS = 8;
    private static final int BIG = 4 << 20;
    private static final Path PEMS = Path.of("..", "..", "web", "src", "test", "resources", "dev", "thrum", "web");
    private static final long HEAP_SLACK = 4 << 20;
    private static final List<String> COMING_AND_GOING = // threads of pools with a bound
            List.of("ForkJoinPool", "thrum-dump", "thrum-tls-");

    private final Random seeds = new Random(7);
    private final Kernel kernel = Kernel.start(2, config -> config.withName("soak"));
    private final AtomicInteger versions = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder killed = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder reloaded = new LongAdder();
    private final Path pem;
    private final Certificates certificates;
    private final SSLContext tls;
    private final Server server;
    private volatile boolean going;

    ServerSoakTest(@TempDir Path temp) throws Exception {
        pem = Files.copy(PEMS.resolve("shop.pem"), temp.resolve("shop.pem"));
        certificates = Certificates.load(Identity.pem(pem));
        tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new Credulous()}, null);
        tls.getClientSessionContext().setSessionCacheSize(CLIENTS); // the JDK's clients keep 20,480 sessions, which is no leak of ours
        server = version().start(local().withLoops(2), local(), Listener.https(0, certificates).withHost("127.0.0.1"));
    }

    /// Believes whatever certificate it is shown: others test that.
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static Listener local() {
        return Listener.http(0).withHost("127.0.0.1");
    }

    private WebApp version() {
        byte[] big = new byte[BIG];
        return WebApp.create()
                .named("soak-" + versions.incrementAndGet())
                .get("/", (request, response) -> response.send("hello"))
                .get("/square/{n:int}", (request, response) -> {
                    int n = request.pathInt("n");
                    response.send(kernel.submit(() -> Integer.toString(n * n)));
                })
                .post("/echo", (request, response) -> response.send(request.bytes()))
                .get("/big", (request, response) -> response.send(big))
                .get("/victim", (request, response) -> response.send(kernel.in("victim")
                        .submit(this::spin)
                        .recover(TaskKilledException.class, problem -> "killed")));
    }

    private String spin() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(60)); // until somebody kills it
        return "never";
    }

    // ---- what happens meanwhile

    /// A client by the letter; HTTP clients of the JDK keep threads and connections of their own.
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(60_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        String ask(String method, String path, String body) throws IOException {
            write(method + " " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            int length = 0;
            String status = line();
            for (String line = line(); !line.isEmpty(); line = line()) {
                length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
            }
            return status.substring(9, 12) + " " + new String(in.readNBytes(length), ISO_8859_1);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the server has closed the connection");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        /// Goes away without a word.
        void cut() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client connect(Random random) throws IOException {
        List<Integer> ports = server.ports();
        int chosen = random.nextInt(ports.size());
        SocketFactory factory = chosen == ports.size() - 1 ? tls.getSocketFactory() : SocketFactory.getDefault();
        return new Client(factory.createSocket("127.0.0.1", ports.get(chosen)));
    }

    /// Requests on connections that are kept; none may fail, whatever else happens.
    private Void ask(Random random) throws IOException {
        while (going) {
            try (Client client = connect(random)) {
                for (int i = random.nextInt(100); i >= 0 && going; i--) {
                    int n = random.nextInt(1_000);
                    String text = "x".repeat(random.nextInt(20_000));
                    switch (random.nextInt(3)) {
                        case 0 -> assertThat(client.ask("GET", "/", "")).isEqualTo("200 hello");
                        case 1 -> assertThat(client.ask("GET", "/square/" + n, "")).isEqualTo("200 " + n * n);
                        default -> assertThat(client.ask("POST", "/echo", text)).isEqualTo("200 " + text);
                    }
                    answered.increment();
                }
            }
        }
        return null;
    }

    /// Half of a request, or no eyes for an answer; and then gone.
    private Void dawdle(Random random) throws IOException, InterruptedException {
        while (going) {
            Client client = connect(random);
            client.write(switch (random.nextInt(3)) {
                case 0 -> "GET / HT";
                case 1 -> "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf";
                default -> "GET /big HTTP/1.1\r\nHost: h\r\n\r\n";
            });
            Thread.sleep(random.nextInt(50)); // being slow is what it is for
            client.cut();
            cut.increment();
        }
        return null;
    }

    /// Asks for what never comes unless it is killed.
    private Void suffer(Random random) throws IOException {
        while (going) {
            try (Client client = connect(random)) {
                assertThat(client.ask("GET", "/victim", "")).isEqualTo("200 killed");
                killed.increment();
            }
        }
        return null;
    }

    private Void kill(Random random) throws InterruptedException {
        while (going) {
            kernel.kill("victim", Kernel.Kill.INCLUDE_QUEUED);
            Thread.sleep(random.nextInt(20)); // real time is what a soak is made of
        }
        return null;
    }

    private Void replace(Random random) throws InterruptedException {
        while (going) {
            server.replace(version()).await();
            Thread.sleep(random.nextInt(50)); // as above
        }
        return null;
    }

    private Void reload(Random random) throws IOException, InterruptedException {
        while (going) {
            Path next = Files.copy(
                    PEMS.resolve(random.nextBoolean() ? "shop.pem" : "shop-renewed.pem"),
                    pem.resolveSibling("next.pem"),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.move(next, pem, StandardCopyOption.ATOMIC_MOVE);
            if (certificates.reload() instanceof Certificates.Reload.Changed) {
                reloaded.increment();
            }
            Thread.sleep(random.nextInt(100)); // as above
        }
        return null;
    }

    /// Another application comes and goes beside it.
    private Void restart(Random random) throws IOException {
        while (going) {
            try (Server other = version().start(local())) {
                try (Client client = new Client(new Socket("127.0.0.1", other.ports().getFirst()))) {
                    assertThat(client.ask("GET", "/", "")).isEqualTo("200 hello");
                }
                other.close(random.nextBoolean() ? Drain.none() : Drain.standard());
            }
        }
        return null;
    }

    private void live(Duration length) throws Exception {
        going = true;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            all.add(start(this::ask));
            all.add(start(this::dawdle));
        }
        all.add(start(this::suffer));
        all.add(start(this::kill));
        all.add(start(this::replace));
        all.add(start(this::reload));
        all.add(start(this::restart));
        CompletableFuture<Object> failed = CompletableFuture.anyOf(all.toArray(CompletableFuture<?>[]::new));
        long deadline = System.nanoTime() + length.toNanos();
        await(() -> failed.isDone() || System.nanoTime() - deadline > 0);
        going = false;
        await(() -> {
            kernel.kill("victim", Kernel.Kill.INCLUDE_QUEUED);
            return all.stream().allMatch(CompletableFuture::isDone);
        });
        all.forEach(CompletableFuture::join);
    }

    private interface Life {
        Void live(Random random) throws Exception;
    }

    private CompletableFuture<Void> start(Life life) {
        Random random = new Random(seeds.nextLong());
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                end.complete(life.live(random));
            } catch (Throwable problem) {
                end.completeExceptionally(problem);
            }
        });
        return end;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(10); // others work meanwhile
        }
    }

    // ---- what there is

    /// What a process keeps, when nothing is in work.
    private record Stock(List<String> threads, Map<String, String> handles, int files, long heap) {

        static Stock take() {
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                System.gc();
                heap = Math.min(heap, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
            }
            List<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> COMING_AND_GOING.stream().noneMatch(name::startsWith))
                    .sorted()
                    .toList();
            String[] files = new File("/proc/self/fd").list();
            return new Stock(threads, ofEachLoop(), files == null ? 0 : files.length, heap);
        }

        /// {@return how many sockets, handles, timers and holds each loop has}
        private static Map<String, String> ofEachLoop() {
            Map<String, String> handles = new TreeMap<>();
            for (Object each : (List<?>) Dump.take(Duration.ofSeconds(10)).content().get("loops")) {
                Map<?, ?> loop = (Map<?, ?>) each;
                handles.put(
                        loop.get("name").toString(),
                        Stream.of("sockets", "handles", "timers", "holds")
                                .map(kind -> loop.get(kind) instanceof List<?> list ? kind + " " + list.size() : kind + " unknown")
                                .collect(joining(", ")));
            }
            return handles;
        }

        boolean isAsIn(Stock before) {
            return threads.equals(before.threads)
                    && handles.equals(before.handles)
                    && files == before.files
                    && heap <= before.heap + HEAP_SLACK;
        }
    }

    /// {@return the stock when it no longer changes} Connections that were cut and threads of killed tasks take a while to go.
    private static Stock settled() throws InterruptedException {
        Stock before = Stock.take();
        for (Stock now = next(); !now.isAsIn(before); now = next()) {
            before = now;
        }
        return before;
    }

    /// {@return the stock as soon as it is that of before, or what it is after a while}
    private static Stock settled(Stock before) throws InterruptedException {
        Stock now = Stock.take();
        for (int i = 0; i < 60 && !now.isAsIn(before); i++) {
            now = next();
        }
        return now;
    }

    private static Stock next() throws InterruptedException {
        Thread.sleep(250); // real time is what it needs
        return Stock.take();
    }

    private void awaitQuiet() throws InterruptedException {
        await(() -> Dump.take(Duration.ofSeconds(10)).content().get("connections") instanceof List<?> ports
                && ports.stream().allMatch(port -> Integer.valueOf(0).equals(((Map<?, ?>) port).get("open"))));
    }

    @Test
    @Tag("W-101")
    void afterLoadReplacementsKillsAndSlowClientsEverythingIsAsItWas() throws Exception {
        try (kernel; server) {
            live(WARM_UP);
            awaitQuiet();
            Stock before = settled();
            long warm = answered.sum();

            live(LENGTH);
            awaitQuiet();
            Stock after = settled(before);

            assertThat(after.threads()).isEqualTo(before.threads());
            assertThat(after.handles()).isEqualTo(before.handles());
            assertThat(after.files()).isEqualTo(before.files());
            assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + HEAP_SLACK);
            assertThat(answered.sum()).isGreaterThan(warm);
            assertThat(killed.sum()).isPositive();
            assertThat(cut.sum()).isPositive();
            assertThat(reloaded.sum()).isPositive();
            assertThat(versions.get()).isGreaterThan(2);
            System.out.printf(
                    "soaked for %s: %d answers, %d killed, %d cut off, %d reloads, %d versions; heap %d to %d KiB%n",
                    LENGTH, answered.sum(), killed.sum(), cut.sum(), reloaded.sum(), versions.get(), before.heap() >> 10, after.heap() >> 10);
        }
        assertThat(server.life()).isEqualTo(Server.Life.CLOSED);
    }
}
