package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// `neighbours`: what applications that misbehave do to the answers of others in their process, beside what a stranger does who uses
/// the processors as much.
final class NeighboursBench {

    static final Map<String, String> OPTIONS = Map.of("rounds", "7", "seconds", "3", "rate", "400", "trouble", "throw,park,flood");

    private static final Peer PEER = JavaPeer.of("thrum-neighbours", "ThrumNeighbours", Peers.THRUM);
    private static final int QUIET = 3; // applications that behave come first

    /// How an application misbehaves, which of all it is, and how often it is asked in a second.
    private enum Trouble {
        THROW(QUIET, 400),
        PARK(QUIET + 1, 1_000), // more than there is time for: its loop is parked all the time
        FLOOD(QUIET + 2, 5); // with 200 tasks each

        private final int place;
        private final int rate;

        Trouble(int place, int rate) {
            this.place = place;
            this.rate = rate;
        }
    }

    /// One phase of a round.
    /// @param onLoop how long a request took that is answered on the loop: 99 of 100 were faster, µs
    /// @param byKernel the same of one that is answered by a task
    /// @param used processors that the server used
    private record Phase(double onLoop, double byKernel, double used) {}

    private final int rounds;
    private final int seconds;
    private final int rate;
    private final List<Trouble> troubles;
    private final Path work;
    private final PrintStream out;

    NeighboursBench(Options options, Path work, PrintStream out) {
        this.rounds = options.number("rounds", 1);
        this.seconds = options.number("seconds", 1);
        this.rate = options.number("rate", 1);
        this.troubles = options.list("trouble").stream().map(NeighboursBench::trouble).toList();
        this.work = work;
        this.out = out;
    }

    private static Trouble trouble(String name) {
        return Arrays.stream(Trouble.values())
                .filter(trouble -> trouble.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no such trouble: " + name + "; there are throw, park, flood"));
    }

    void run() throws Exception {
        List<Phase> alone = new ArrayList<>();
        List<Phase> neighbours = new ArrayList<>();
        List<Phase> stranger = new ArrayList<>();
        try (PeerProcess server = PeerProcess.start(PEER, work, Pinning.NONE, 1);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            server.awaitAnswer();
            int[] ports = ports(server);
            for (int round = 0; round <= rounds; round++) {
                System.err.println("round " + round + " of " + rounds);
                Phase quiet = measure(server, threads, ports, false);
                Phase loud = measure(server, threads, ports, true);
                Process burner = burn(loud.used() - quiet.used());
                Phase busy;
                try {
                    busy = measure(server, threads, ports, false);
                } finally {
                    burner.destroyForcibly().waitFor();
                }
                if (round > 0) { // the first warms up
                    alone.add(quiet);
                    neighbours.add(loud);
                    stranger.add(busy);
                }
            }
        }
        print(alone, neighbours, stranger);
    }

    private static int[] ports(PeerProcess server) throws IOException {
        try (PacedClient client = new PacedClient(server.port(), "/ports")) {
            return Arrays.stream(client.ask().split(",")).mapToInt(Integer::parseInt).toArray();
        }
    }

    private Process burn(double processors) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.thrum.verify.bench.server.Burner",
                        Long.toString(Math.max(0, Math.round(processors * 1_000))))
                .inheritIO()
                .start();
    }

    private Phase measure(PeerProcess server, ExecutorService threads, int[] ports, boolean trouble) throws Exception {
        var onLoop = new ConcurrentLinkedQueue<Long>();
        var byKernel = new ConcurrentLinkedQueue<Long>();
        List<Future<?>> clients = new ArrayList<>();
        long before = ProcFs.of(server.pid()).totalNanos();
        if (trouble) {
            for (Trouble each : troubles) {
                clients.add(client(threads, ports[each.place], "/", each.rate, null));
            }
        }
        for (int i = 0; i < QUIET; i++) {
            clients.add(client(threads, ports[i], PeerProcess.PATH, rate, onLoop));
            clients.add(client(threads, ports[i], "/work", rate, byKernel));
        }
        for (Future<?> client : clients) {
            client.get();
        }
        double used = (ProcFs.of(server.pid()).totalNanos() - before) / 1e9 / seconds;
        return new Phase(slowest(onLoop), slowest(byKernel), used);
    }

    private Future<?> client(
            ExecutorService threads, int port, String path, int perSecond, @Nullable ConcurrentLinkedQueue<Long> times) {
        return threads.submit(() -> {
            try (PacedClient client = new PacedClient(port, path)) {
                client.run(perSecond, seconds * 1_000_000_000L, nanos -> {
                    if (times != null) {
                        times.add(nanos);
                    }
                });
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        });
    }

    private static double slowest(ConcurrentLinkedQueue<Long> times) {
        long[] sorted = times.stream().flatMapToLong(LongStream::of).sorted().toArray();
        return sorted[(int) (sorted.length * 0.99)] / 1e3;
    }

    private void print(List<Phase> alone, List<Phase> neighbours, List<Phase> stranger) {
        var table = new MarkdownTable(
                "beside", "on the loop p99 µs", "min..max", "ratio", "by the kernel p99 µs", "min..max", "ratio", "processors");
        row(table, "a stranger", stranger, stranger);
        row(table, "bad neighbours", neighbours, stranger);
        row(table, "nobody", alone, stranger);
        out.printf(
                "three applications that behave, %d requests a second on each of six connections; medians of %d interleaved rounds of"
                        + " %d s, ratios to a stranger who uses the processors as much as the neighbours%n%n%s%n",
                rate, rounds, seconds, table);
    }

    private static void row(MarkdownTable table, String name, List<Phase> own, List<Phase> base) {
        Samples onLoop = Samples.of(own, Phase::onLoop);
        Samples byKernel = Samples.of(own, Phase::byKernel);
        table.row(
                name,
                onLoop.medianText(0),
                onLoop.rangeText(0),
                onLoop.ratioText(Samples.of(base, Phase::onLoop)),
                byKernel.medianText(0),
                byKernel.rangeText(0),
                byKernel.ratioText(Samples.of(base, Phase::byKernel)),
                Samples.of(own, Phase::used).medianText(2));
    }
}
