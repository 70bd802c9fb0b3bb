package dev.thrum.verify.bench;

import dev.thrum.verify.bench.micro.ForkJoinSubmitReceive;
import dev.thrum.verify.bench.micro.SubmitReceive;
import dev.thrum.verify.bench.micro.ThreadPoolSubmitReceive;
import dev.thrum.verify.bench.micro.ThrumSpinningSubmitReceive;
import dev.thrum.verify.bench.micro.ThrumSubmitReceive;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// `rest`: what a pool uses of the processor while it has nothing to do, just after it had a lot.
final class RestBench {

    static final Map<String, String> OPTIONS = Map.of("workers", "2", "seconds", "10");

    private static final int TASKS = 200_000;
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private final int workers;
    private final Duration time;
    private final PrintStream out;

    RestBench(Options options, PrintStream out) {
        this.workers = options.number("workers", 1);
        this.time = Duration.ofSeconds(options.number("seconds", 1));
        this.out = out;
    }

    void run() throws Exception {
        var table = new MarkdownTable("pool", "µs of the processor");
        var peers = new LinkedHashMap<String, SubmitReceive>();
        peers.put("ThreadPool", new ThreadPoolSubmitReceive());
        peers.put("ForkJoin", new ForkJoinSubmitReceive());
        peers.put("Thrum", new ThrumSubmitReceive());
        peers.put("ThrumSpinning", new ThrumSpinningSubmitReceive());
        for (Map.Entry<String, SubmitReceive> peer : peers.entrySet()) {
            System.err.println(peer.getKey());
            table.row(peer.getKey(), Samples.text(rest(peer.getValue()) / 1e3, 0));
        }
        out.printf("all threads of the JVM but its own, in %d s of rest; workers: %d%n%n%s%n",
                time.toSeconds(), workers, table);
    }

    private double rest(SubmitReceive pool) throws Exception {
        pool.open(workers);
        try {
            SubmitReceive.Line line = pool.line();
            for (int i = 0; i < TASKS; i++) {
                line.submit();
            }
            for (int i = 0; i < TASKS; i++) {
                line.receive();
            }
            Thread.sleep(SETTLING);
            long before = used();
            Thread.sleep(time);
            return used() - before;
        } finally {
            pool.close();
        }
    }

    /// {@return processor time of all threads that run Java, nanoseconds}
    private static long used() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long mine = Thread.currentThread().threadId();
        return Arrays.stream(threads.getAllThreadIds())
                .filter(id -> id != mine)
                .map(threads::getThreadCpuTime)
                .filter(nanos -> nanos > 0)
                .sum();
    }
}
