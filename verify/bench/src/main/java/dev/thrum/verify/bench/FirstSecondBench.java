package dev.thrum.verify.bench;

import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `first-second`: how many requests a cold server has answered within a second after the start of its process, and within a second
/// after it listens.
final class FirstSecondBench {

    static final Map<String, String> OPTIONS = Map.of(
            "peers", "netty,thrum,thrum+aot,vertx,node",
            "rounds", "5",
            "connections", "16",
            "routes", "100",
            "server-cpu", "0");

    private static final long SECOND = 1_000_000_000L;

    /// One start.
    /// @param ofProcess answers until a second after the start of the process
    /// @param ofService answers until a second after the first
    private record Start(long ofProcess, long ofService) {}

    private final List<Peer> peers;
    private final int rounds;
    private final int connections;
    private final int routes;
    private final Pinning pinning;
    private final Path work;
    private final PrintStream out;

    FirstSecondBench(Options options, Path work, PrintStream out) {
        this.peers = Peers.named(options.list("peers"));
        this.rounds = options.number("rounds", 1);
        this.connections = options.number("connections", 1);
        this.routes = options.number("routes", 1);
        this.pinning = new Pinning(options.number("server-cpu", Pinning.ANY));
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        Peers.prepare(peers, work);
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        // The first round fills the page cache and warms up this program; nobody counts it.
        for (int round = 0; round <= rounds; round++) {
            System.err.println("round " + round + " of " + rounds);
            for (Peer peer : peers) {
                Start start = start(peer);
                if (round > 0) {
                    starts.computeIfAbsent(peer.name(), _ -> new ArrayList<>()).add(start);
                }
            }
        }
        print(starts);
    }

    private Start start(Peer peer) throws Exception {
        var open = new ArrayList<SocketChannel>();
        try (PeerProcess process = PeerProcess.start(peer, work, pinning, routes)) {
            long end = System.nanoTime() + SECOND;
            int answer = process.awaitLength();
            long listening = System.nanoTime();
            for (int i = 0; i < connections; i++) {
                open.add(process.awaitConnection());
            }
            try (var load = new EchoLoad(open, PeerProcess.question(), answer)) {
                long early = load.run(end - System.nanoTime());
                return new Start(early, early + load.run(listening + SECOND - System.nanoTime()));
            }
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    private void print(Map<String, List<Start>> starts) {
        var table = new MarkdownTable(
                "peer", "first second of the process", "min..max", "ratio", "first second of service", "min..max", "ratio");
        List<Start> base = starts.values().iterator().next();
        starts.forEach((peer, own) -> {
            Samples process = Samples.of(own, Start::ofProcess);
            Samples service = Samples.of(own, Start::ofService);
            table.row(
                    peer,
                    process.medianText(0),
                    process.rangeText(0),
                    process.ratioText(Samples.of(base, Start::ofProcess)),
                    service.medianText(0),
                    service.rangeText(0),
                    service.ratioText(Samples.of(base, Start::ofService)));
        });
        out.printf(
                "answers in the first second: %d routes, %d connections, medians of %d interleaved rounds, ratios to %s%n%n%s%n",
                routes, connections, rounds, starts.keySet().iterator().next(), table);
    }
}
