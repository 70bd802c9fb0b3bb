package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// `tls-echo`: the server's processor time for each message that it decrypts, encrypts and sends back.
///
/// Each server is a process with one loop; blocking clients of this process wait for each message before they send the
/// next. Both live through the whole run, and rounds go round them.
final class TlsEchoBench {
    static final Map<String, String> OPTIONS = Map.of(
            "rounds", "5", "seconds", "5", "warmup", "10", "connections", "16", "bytes", "1024", "server-cpu", "0");

    private static final String PASSWORD = "thrum-bench";

    private final int rounds;
    private final int seconds;
    private final int warmup;
    private final int connections;
    private final int bytes;
    private final Pinning pinning;
    private final Path work;
    private final PrintStream out;

    /// A server on its way.
    private record Running(String name, Process process, int port) {}

    TlsEchoBench(Options options, Path work, PrintStream out) {
        this.rounds = options.number("rounds", 1);
        this.seconds = options.number("seconds", 1);
        this.warmup = options.number("warmup", 0);
        this.connections = options.number("connections", 1);
        this.bytes = options.number("bytes", 1);
        this.pinning = new Pinning(options.number("server-cpu", Pinning.ANY));
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        Path store = store();
        SSLSocketFactory factory = factory(store);
        List<Running> servers = new ArrayList<>();
        try {
            servers.add(start(JavaPeer.of("netty", "NettyTlsEcho", Peers.NETTY), store));
            servers.add(start(JavaPeer.of("thrum", "ThrumTlsEcho", Peers.THRUM), store));
            measure(servers, factory);
        } finally {
            servers.forEach(server -> server.process().destroy());
        }
    }

    private Path store() throws IOException, InterruptedException {
        Path store = work.resolve("echo.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(Stream.of(
                                keytool + " -genkeypair -alias echo -keyalg EC -dname CN=localhost -ext san=dns:localhost"
                                        + " -storetype PKCS12 -storepass " + PASSWORD + " -keystore " + store)
                        .flatMap(line -> Stream.of(line.split(" ", -1)))
                        .toList())
                .inheritIO()
                .start();
        if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IOException("keytool failed");
        }
        return store;
    }

    private static SSLSocketFactory factory(Path store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            trusted.load(in, PASSWORD.toCharArray());
        }
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("echo", trusted.getCertificate("echo"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private Running start(JavaPeer peer, Path store) throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = peer.with("", "-Dthrum.bench.store=" + store).command(work, port, 0);
        Process process = new ProcessBuilder(pinning.wrap(command)).inheritIO().start();
        return new Running(peer.name(), process, port);
    }

    private void measure(List<Running> servers, SSLSocketFactory factory) throws Exception {
        for (Running server : servers) {
            System.err.println("warming up " + server.name());
            microsPerMessage(server, factory, Math.max(1, warmup));
        }
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Running server : servers) {
                System.err.println("round " + round + " of " + rounds + ": " + server.name());
                figures.computeIfAbsent(server.name(), _ -> new ArrayList<>())
                        .add(microsPerMessage(server, factory, seconds));
            }
        }
        var table = new MarkdownTable("peer", "CPU µs/message", "min..max", "ratio");
        Samples base = Samples.of(figures.getOrDefault("netty", List.of()), each -> each);
        figures.forEach((name, each) -> {
            Samples samples = Samples.of(each, figure -> figure);
            table.row(name, samples.medianText(2), samples.rangeText(2), samples.ratioText(base));
        });
        out.printf(
                "TLS 1.3 echo: %d bytes, %d connections, %d s, medians of %d rounds%n%n%s%n",
                bytes, connections, seconds, rounds, table);
    }

    private double microsPerMessage(Running server, SSLSocketFactory factory, int seconds) throws Exception {
        List<SSLSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                sockets.add(connect(server, factory));
            }
            var messages = new AtomicLong();
            long before = ProcFs.of(server.process().pid()).totalNanos();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<Thread> threads = sockets.stream()
                    .map(socket -> Thread.ofPlatform().start(() -> talk(socket, messages, end)))
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
            return (ProcFs.of(server.process().pid()).totalNanos() - before) / 1e3 / messages.get();
        } finally {
            for (SSLSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static SSLSocket connect(Running server, SSLSocketFactory factory) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                var socket = (SSLSocket) factory.createSocket("127.0.0.1", server.port());
                socket.startHandshake();
                return socket;
            } catch (ConnectException notYet) {
                if (tries == 600 || !server.process().isAlive()) {
                    throw notYet;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private void talk(SSLSocket socket, AtomicLong messages, long end) {
        byte[] message = new byte[bytes];
        try {
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(message);
                if (socket.getInputStream().readNBytes(message, 0, bytes) != bytes) {
                    throw new IOException("the server has ended");
                }
                messages.incrementAndGet();
            }
        } catch (IOException e) {
            throw new IllegalStateException("no echo: " + e.getMessage(), e);
        }
    }
}
