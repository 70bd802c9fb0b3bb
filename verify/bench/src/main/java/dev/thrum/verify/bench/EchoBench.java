package dev.thrum.verify.bench;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `echo`: plain sockets without a protocol; what a message costs the server, and what a silent connection.
final class EchoBench {

    static final Map<String, String> OPTIONS =
            Map.of("rounds", "3", "seconds", "5", "warmup", "3", "idle", "10000", "connections", "5000");

    private static final String NETTY = "io/netty|/netty-";
    private static final String THRUM = "thrum-(?!verify)|/(scope|promise|loop|net)/target/classes";
    private static final Peer ECHO = JavaPeer.of("thrum", "ThrumEcho", THRUM);
    private static final Peer NETTY_ECHO = JavaPeer.of("netty", "NettyEcho", NETTY);
    private static final Peer BARE = JavaPeer.of("bare channels", "BareChannels", "no library at all");
    private static final int CONNECTING_AT_ONCE = 1000; // less than the backlog

    /// Who sends what.
    private record Shape(int connections, int active, int size) {
        String text() {
            return connections + " connections, " + active + " active, " + size + " bytes";
        }
    }

    /// What a round came to.
    private record Slice(double messages, double seconds, double cpuMicros) {
        double perSecond() {
            return messages / seconds;
        }

        double cpuEach() {
            return cpuMicros / messages;
        }
    }

    private final Options options;
    private final int rounds;
    private final Path work;
    private final PrintStream out;

    EchoBench(Options options, Path work, PrintStream out) {
        this.options = options;
        this.rounds = options.number("rounds", 1);
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        int many = options.number("connections", 10);
        for (Shape shape : List.of(
                new Shape(64, 64, 1024), new Shape(64, 64, 64 * 1024), new Shape(many, many / 10, 1024))) {
            exchange(shape);
        }
        hold(options.number("idle", 1));
    }

    // ---- messages

    private void exchange(Shape shape) throws Exception {
        Map<String, List<Slice>> slices = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Peer peer : List.of(NETTY_ECHO, ECHO)) {
                System.err.println("round " + round + " of " + rounds + ", " + shape.text() + ": " + peer.name());
                slices.computeIfAbsent(peer.name(), _ -> new ArrayList<>()).add(slice(peer, shape));
            }
        }
        var table = new MarkdownTable("peer", "messages/s", "ratio", "CPU µs each", "min..max", "ratio");
        Samples netty = Samples.of(requireNonNull(slices.get(NETTY_ECHO.name())), Slice::cpuEach);
        Samples nettyRate = Samples.of(requireNonNull(slices.get(NETTY_ECHO.name())), Slice::perSecond);
        slices.forEach((peer, own) -> {
            Samples rate = Samples.of(own, Slice::perSecond);
            Samples cpu = Samples.of(own, Slice::cpuEach);
            table.row(
                    peer,
                    rate.medianText(0),
                    rate.ratioText(nettyRate),
                    cpu.medianText(2),
                    cpu.rangeText(2),
                    cpu.ratioText(netty));
        });
        out.printf("echo: %s; medians of %d rounds, ratios to Netty%n%n%s%n", shape.text(), rounds, table);
    }

    private Slice slice(Peer peer, Shape shape) throws Exception {
        var open = new ArrayList<SocketChannel>();
        Pinning pinning = Pinning.possible() ? new Pinning(0) : Pinning.NONE;
        try (PeerProcess process = PeerProcess.start(peer, work, pinning, 1)) {
            connect(process, shape.connections(), open);
            try (var load = new EchoLoad(open.subList(0, shape.active()), new byte[shape.size()], shape.size())) {
                load.run(options.number("warmup", 1) * 1_000_000_000L);
                double cpu = ProcFs.of(process.pid()).totalNanos();
                long start = System.nanoTime();
                long messages = load.run(options.number("seconds", 1) * 1_000_000_000L);
                double seconds = (System.nanoTime() - start) / 1e9;
                return new Slice(messages, seconds, (ProcFs.of(process.pid()).totalNanos() - cpu) / 1000);
            }
        } finally {
            close(open);
        }
    }

    private static void connect(PeerProcess process, int count, List<SocketChannel> open)
            throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            open.add(process.awaitConnection());
            if (i % CONNECTING_AT_ONCE == CONNECTING_AT_ONCE - 1) {
                Thread.sleep(50); // real time: the server's backlog
            }
        }
    }

    private static void close(List<SocketChannel> open) throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    // ---- silence

    private void hold(int connections) throws Exception {
        Map<String, List<Double>> bytes = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Peer peer : List.of(BARE, ECHO, NETTY_ECHO)) {
                System.err.println("round " + round + " of " + rounds + ", idle: " + peer.name());
                bytes.computeIfAbsent(peer.name(), _ -> new ArrayList<>()).add(heapEach(peer, connections));
            }
        }
        double bare = Samples.of(requireNonNull(bytes.get(BARE.name())), each -> each).median();
        var table = new MarkdownTable("peer", "bytes of live heap each", "min..max", "above bare");
        bytes.forEach((peer, own) -> {
            Samples each = Samples.of(own, value -> value);
            table.row(peer, each.medianText(0), each.rangeText(0), Samples.text(each.median() - bare, 0));
        });
        out.printf("idle: %d connections; medians of %d rounds%n%n%s%n", connections, rounds, table);
    }

    private double heapEach(Peer peer, int connections) throws Exception {
        var open = new ArrayList<SocketChannel>();
        try (PeerProcess process = PeerProcess.start(peer, work, Pinning.NONE, 1)) {
            connect(process, 100, open);
            Thread.sleep(500); // real time: until all are accepted
            long without = OtherHeap.alive(process.pid()).orElseThrow();
            connect(process, connections, open);
            Thread.sleep(1000);
            return (double) (OtherHeap.alive(process.pid()).orElseThrow() - without) / connections;
        } finally {
            close(open);
        }
    }
}
