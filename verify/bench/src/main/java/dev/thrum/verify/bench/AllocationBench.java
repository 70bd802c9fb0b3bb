package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `allocation`: what a JVM allocates for each plaintext request through a router and a hook, on all threads, by its own count.
final class AllocationBench {

    static final Map<String, String> OPTIONS = Map.of(
            "peers", "thrum,netty,vertx,vertx-web,jetty,undertow,helidon",
            "seconds", "3",
            "warmup", "6",
            "connections", "64",
            "depth", "16",
            "routes", "100");

    private final List<Peer> peers;
    private final int seconds;
    private final int warmup;
    private final int routes;
    private final List<Integer> depths;
    private final Wrk wrk;
    private final Path work;
    private final PrintStream out;

    AllocationBench(Options options, Path work, PrintStream out) {
        this.peers = Peers.named(options.list("peers"));
        this.seconds = options.number("seconds", 1);
        this.warmup = options.number("warmup", 1);
        this.routes = options.number("routes", 1);
        this.depths = List.of(1, options.number("depth", 2));
        this.wrk = new Wrk(Pinning.NONE, options.number("connections", 1), work, Load.PLAINTEXT);
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        wrk.prepare();
        Peers.prepare(peers, work);
        var header = new ArrayList<>(List.of("peer"));
        depths.forEach(depth -> header.add("B each, " + depth + " at a time"));
        var table = new MarkdownTable(header.toArray(String[]::new));
        for (Peer peer : peers) {
            System.err.println(peer.name());
            List<String> row = new ArrayList<>(List.of(peer.name()));
            bytes(peer).values().forEach(bytes -> row.add(Samples.text(bytes, 0)));
            table.row(row.toArray(String[]::new));
        }
        out.printf("allocation: %d routes, %d connections, %d s%n%n%s%n", routes, wrk.connections(), seconds, table);
    }

    /// {@return by depth, what each request took}
    private Map<Integer, Double> bytes(Peer peer) throws Exception {
        Map<Integer, Double> bytes = new LinkedHashMap<>();
        try (PeerProcess process = PeerProcess.start(peer, work, Pinning.NONE, routes)) {
            process.awaitAnswer();
            for (int depth : depths) {
                wrk.run(process, depth, warmup);
                bytes.put(depth, bytes(process, depth));
            }
        }
        return bytes;
    }

    private double bytes(PeerProcess process, int depth) throws IOException, InterruptedException {
        long before = OtherHeap.allocated(process.pid());
        long requests = wrk.run(process, depth, seconds).report().requests();
        return (double) (OtherHeap.allocated(process.pid()) - before) / requests;
    }
}
