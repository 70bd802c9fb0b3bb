package dev.thrum.verify.bench;

import dev.thrum.verify.bench.micro.ForkJoinSubmitReceive;
import dev.thrum.verify.bench.micro.SubmitReceive;
import dev.thrum.verify.bench.micro.ThreadPoolSubmitReceive;
import dev.thrum.verify.bench.micro.ThrumSubmitReceive;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// `scale`: empty tasks, submitted and received by the batch, in pools of more and more workers than there are processors.
final class ScaleBench {

    static final Map<String, String> OPTIONS = Map.of("workers", "1,2,4,8,16,32,64", "rounds", "5", "batches", "300");

    private static final int BATCH = 1000;

    private final List<Integer> sizes;
    private final int rounds;
    private final int batches;
    private final PrintStream out;
    private long sum;

    ScaleBench(Options options, PrintStream out) {
        this.sizes = options.list("workers").stream().map(Integer::valueOf).toList();
        this.rounds = options.number("rounds", 1);
        this.batches = options.number("batches", 1);
        this.out = out;
    }

    private static Map<String, Supplier<SubmitReceive>> peers() {
        var peers = new LinkedHashMap<String, Supplier<SubmitReceive>>();
        peers.put("ThreadPool", ThreadPoolSubmitReceive::new);
        peers.put("ForkJoin", ForkJoinSubmitReceive::new);
        peers.put("Thrum", ThrumSubmitReceive::new);
        return peers;
    }

    void run() throws Exception {
        var nanos = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round <= rounds; round++) { // the first is for the compiler
            System.err.println("round " + round + " of " + rounds);
            for (int workers : sizes) {
                for (Map.Entry<String, Supplier<SubmitReceive>> peer : peers().entrySet()) {
                    double each = measure(peer.getValue().get(), workers);
                    if (round > 0) {
                        nanos.computeIfAbsent(peer.getKey() + workers, _ -> new ArrayList<>()).add(each);
                    }
                }
            }
        }
        out.printf("ns for one task, batches of %d; rounds: %d, each the median of %d batches; sum: %d%n%n%s%n",
                BATCH, rounds, batches, sum, table(nanos));
    }

    private MarkdownTable table(Map<String, List<Double>> nanos) {
        var table = new MarkdownTable(
                "workers", "ThreadPool", "ForkJoin", "Thrum", "least..most", "ratio to ThreadPool", "ratio to ForkJoin");
        for (int workers : sizes) {
            Samples pool = samples(nanos, "ThreadPool", workers);
            Samples forkJoin = samples(nanos, "ForkJoin", workers);
            Samples thrum = samples(nanos, "Thrum", workers);
            table.row(
                    String.valueOf(workers),
                    pool.medianText(0),
                    forkJoin.medianText(0),
                    thrum.medianText(0),
                    thrum.rangeText(0),
                    thrum.ratioText(pool),
                    thrum.ratioText(forkJoin));
        }
        return table;
    }

    private static Samples samples(Map<String, List<Double>> nanos, String peer, int workers) {
        return new Samples(nanos.getOrDefault(peer + workers, List.of()));
    }

    private double measure(SubmitReceive pool, int workers) throws Exception {
        pool.open(workers);
        try {
            SubmitReceive.Line line = pool.line();
            var times = new ArrayList<Double>();
            for (int i = 0; i < batches; i++) {
                long before = System.nanoTime();
                batch(line);
                times.add((double) (System.nanoTime() - before) / BATCH);
            }
            return new Samples(times).median();
        } finally {
            pool.close();
        }
    }

    private void batch(SubmitReceive.Line line) throws Exception {
        for (int i = 0; i < BATCH; i++) {
            line.submit();
        }
        for (int i = 0; i < BATCH; i++) {
            sum += (Integer) line.receive();
        }
    }
}
