package dev.thrum.verify.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `http`: plaintext through a router of a hundred routes and a hook, one request at a time and pipelined; and other loads in the
/// same way.
///
/// All servers are started and warmed up first and live through the whole run; then rounds go round them, so that what
/// disturbs the machine for a while disturbs all of them. An idle server costs the others nothing.
final class HttpBench {

    static final Map<String, String> OPTIONS = Map.of(
            "peers", "netty,thrum,vertx,vertx-web,jetty,undertow,helidon,node,c-epoll",
            "rounds", "3",
            "seconds", "8",
            "warmup", "12",
            "connections", "64",
            "depth", "16",
            "routes", "100",
            "server-cpu", "0",
            "client-cpu", "1");

    static final Map<String, String> JSON_OPTIONS = options("vertx-web-json,thrum-json", 64);
    static final Map<String, String> FILE_OPTIONS = options("nginx,thrum-files", 16);
    static final Map<String, String> UPLOAD_OPTIONS = options("vertx-upload,thrum-files", 4);

    static final Map<String, String> LOOPS_OPTIONS = anywhere(options(
            "thrum-loops-1,thrum-loops-2,thrum-loops-4,thrum-ports-2,thrum-ports-4,vertx-1,vertx-2,vertx-4,node-1,node-2,node-4", 64));

    private final Load load;
    private final List<Peer> peers;
    private final int rounds;
    private final int seconds;
    private final int warmup;
    private final int routes;
    private final List<Integer> depths;
    private final Pinning serverPinning;
    private final Wrk wrk;
    private final Path work;
    private final PrintStream out;

    private static Map<String, String> options(String peers, int connections) {
        var options = new HashMap<>(OPTIONS);
        options.put("peers", peers);
        options.put("connections", Integer.toString(connections));
        options.remove("depth");
        return Map.copyOf(options);
    }

    /// {@return them for servers and clients that share the processors}
    private static Map<String, String> anywhere(Map<String, String> pinned) {
        var options = new HashMap<>(pinned);
        options.put("server-cpu", Integer.toString(Pinning.ANY));
        options.put("client-cpu", Integer.toString(Pinning.ANY));
        return Map.copyOf(options);
    }

    HttpBench(Load load, Options options, Path work, PrintStream out) {
        this.load = load;
        this.peers = Peers.named(options.list("peers"));
        this.rounds = options.number("rounds", 1);
        this.seconds = options.number("seconds", 1);
        this.warmup = options.number("warmup", 0);
        this.routes = options.number("routes", 1);
        this.depths = load.pipelined() ? List.of(1, options.number("depth", 2)) : List.of(1);
        this.serverPinning = new Pinning(options.number("server-cpu", Pinning.ANY));
        Pinning clientPinning = new Pinning(options.number("client-cpu", Pinning.ANY));
        this.wrk = new Wrk(clientPinning, options.number("connections", 1), work, load);
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        if (!Pinning.possible()) {
            out.println("**Not pinned**: taskset is missing or there is one processor; the figures are loose.\n");
        }
        wrk.prepare();
        Peers.prepare(peers, work);
        var running = new ArrayList<PeerProcess>();
        try {
            for (Peer peer : peers) {
                running.add(PeerProcess.start(peer, work, serverPinning, routes));
                running.getLast().awaitAnswer();
                running.getLast().check(load);
            }
            measure(running);
        } finally {
            for (PeerProcess process : running) {
                process.close();
            }
        }
    }

    private void measure(List<PeerProcess> running) throws Exception {
        warmUp(running);
        Map<Integer, Map<String, List<HttpSlice>>> slices = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (PeerProcess peer : running) {
                System.err.println("round " + round + " of " + rounds + ": " + peer.name());
                for (int depth : depths) {
                    slices.computeIfAbsent(depth, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(peer.name(), _ -> new ArrayList<>())
                            .add(HttpSlice.take(peer, wrk, depth, seconds));
                }
            }
        }
        slices.forEach(this::print);
    }

    private void warmUp(List<PeerProcess> running) throws Exception {
        if (warmup == 0) {
            return;
        }
        for (PeerProcess peer : running) {
            System.err.println("warming up " + peer.name());
            for (int depth : depths) {
                wrk.run(peer, depth, depth == 1 ? warmup : Math.max(1, warmup / 3));
            }
        }
    }

    private void print(int depth, Map<String, List<HttpSlice>> slices) {
        String title = load.path() + ", " + (depth == 1 ? "one request at a time" : depth + " requests pipelined");
        out.printf(
                "%s: %d routes, %d connections, %d s, medians of %d rounds, ratios to %s%n%n%s%n",
                title, routes, wrk.connections(), seconds, rounds, slices.keySet().iterator().next(),
                new HttpTable(slices));
    }
}
