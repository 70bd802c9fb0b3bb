package dev.thrum.verify.bench;

import dev.thrum.verify.bench.ProcFs.CpuTime;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `startup`: from the start of the process to its first answer, and the memory it holds then.
final class StartupBench {

    static final Map<String, String> OPTIONS = Map.of(
            "peers", "node,thrum,thrum+aot,netty,netty+aot,vertx,vertx+aot,vertx-web,vertx-web+aot",
            "rounds", "7",
            "routes", "1");

    /// One start.
    /// @param toAnswer until the first answer had arrived
    /// @param cpu processor time used until then
    /// @param residentBytes memory held then
    private record Start(Duration toAnswer, CpuTime cpu, long residentBytes) {

        double millis() {
            return toAnswer.toNanos() / 1e6;
        }

        double cpuMillis() {
            return cpu.totalNanos() / 1e6;
        }

        double megabytes() {
            return residentBytes / 1e6;
        }
    }

    private final List<Peer> peers;
    private final int rounds;
    private final int routes;
    private final Path work;
    private final PrintStream out;

    StartupBench(Options options, Path work, PrintStream out) {
        this.peers = Peers.named(options.list("peers"));
        this.rounds = options.number("rounds", 1);
        this.routes = options.number("routes", 1);
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
        try (PeerProcess process = PeerProcess.start(peer, work, Pinning.NONE, routes)) {
            Duration toAnswer = process.awaitAnswer();
            return new Start(toAnswer, ProcFs.of(process.pid()), ProcFs.residentBytes(process.pid()));
        }
    }

    private void print(Map<String, List<Start>> starts) {
        var table = new MarkdownTable("peer", "first answer ms", "min..max", "ratio", "CPU ms", "RSS MB", "ratio");
        List<Start> base = starts.values().iterator().next();
        starts.forEach((peer, own) -> {
            Samples millis = Samples.of(own, Start::millis);
            Samples memory = Samples.of(own, Start::megabytes);
            table.row(
                    peer,
                    millis.medianText(0),
                    millis.rangeText(0),
                    millis.ratioText(Samples.of(base, Start::millis)),
                    Samples.of(own, Start::cpuMillis).medianText(0),
                    memory.medianText(0),
                    memory.ratioText(Samples.of(base, Start::megabytes)));
        });
        out.printf(
                "start to first answer: %d route(s), not pinned, medians of %d interleaved rounds, ratios to %s%n%n%s%n",
                routes, rounds, starts.keySet().iterator().next(), table);
    }
}
