package dev.thrum.verify.bench;

import dev.thrum.kernel.Channel;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.TaskKilledException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/// `kill`: from the call of `kill` to the exception at the receiver, and to the next result on the same kernel.
final class KillBench {

    static final Map<String, String> OPTIONS = Map.of("rounds", "50", "workers", "2", "seconds", "1");

    private static final double MICROS = 1e3;

    /// One kill.
    /// @param heard nanoseconds until the receiver had the exception
    /// @param whole nanoseconds until every worker of the kernel had run a task
    private record Latency(long heard, long whole) {}

    private final int rounds;
    private final int workers;
    private final PrintStream out;
    private final long patience;
    private volatile boolean over; // so that the victims of one row do not take the processors of the next
    private volatile long sum;

    KillBench(Options options, PrintStream out) {
        this.rounds = options.number("rounds", 1);
        this.workers = options.number("workers", 1);
        this.patience = Duration.ofSeconds(options.number("seconds", 1)).toNanos();
        this.out = out;
    }

    void run() throws Exception {
        var table = new MarkdownTable("victim", "median µs", "max µs", "whole again, median µs", "max µs");
        for (Map.Entry<String, Callable<Object>> victim : victims().entrySet()) {
            System.err.println(victim.getKey());
            List<Latency> latencies = measure(victim.getValue());
            Samples heard = Samples.of(latencies, each -> each.heard() / MICROS);
            Samples whole = Samples.of(latencies, each -> each.whole() / MICROS);
            table.row(
                    victim.getKey(),
                    heard.medianText(0),
                    Samples.text(heard.max(), 0),
                    whole.medianText(0),
                    Samples.text(whole.max(), 0));
        }
        out.printf("from kill() to the receiver's exception; kills: %d each, workers: %d%n%n%s%n", rounds, workers, table);
    }

    private Map<String, Callable<Object>> victims() {
        var victims = new LinkedHashMap<String, Callable<Object>>();
        victims.put("a loop that looks at nothing but a flag", this::loop);
        victims.put("a counted loop", this::count);
        victims.put("Thread.sleep", this::sleep);
        victims.put("an interrupt swallowed", this::swallow);
        victims.put("ReentrantLock.lock", this::lock);
        victims.put("a synchronized deadlock", this::embrace);
        victims.put("a blocking read", this::read);
        return victims;
    }

    private List<Latency> measure(Callable<Object> victim) throws InterruptedException {
        var latencies = new ArrayList<Latency>();
        for (int i = 0; i < rounds; i++) {
            over = false;
            try (Kernel kernel = Kernel.start(workers)) {
                latencies.add(kill(kernel, victim));
                over = true;
            }
        }
        return latencies;
    }

    private Latency kill(Kernel kernel, Callable<Object> victim) throws InterruptedException {
        Channel<Object> channel = kernel.channel();
        var begun = new CountDownLatch(1);
        channel.in("victim").submit(() -> {
            begun.countDown();
            return victim.call();
        });
        begun.await();
        long before = System.nanoTime();
        kernel.kill("victim");
        try {
            throw new IllegalStateException("the victim has a result: " + channel.receive(Duration.ofNanos(patience)));
        } catch (TaskKilledException expected) {
            long heard = System.nanoTime() - before;
            kernel.broadcast(() -> 1);
            return new Latency(heard, System.nanoTime() - before);
        }
    }

    private Object loop() {
        while (!over) {
            Thread.onSpinWait();
        }
        return sum;
    }

    private Object count() {
        int part = 1;
        while (!over) {
            for (int i = 0; i < 10_000_000; i++) {
                part = 31 * part + i;
            }
            sum = part;
        }
        return part;
    }

    private Object sleep() throws InterruptedException {
        Thread.sleep(Duration.ofDays(1));
        return sum;
    }

    private Object swallow() {
        while (!over) {
            try {
                Thread.sleep(Duration.ofMillis(1));
            } catch (InterruptedException swallowed) {
                Thread.onSpinWait();
            }
        }
        return sum;
    }

    private Object lock() throws InterruptedException {
        var lock = new ReentrantLock();
        Thread.ofPlatform().start(lock::lock).join(); // it ends without an unlock
        lock.lock();
        return sum;
    }

    private Object embrace() throws InterruptedException {
        var mine = new Object();
        var others = new Object();
        var held = new CountDownLatch(1);
        synchronized (mine) {
            Thread.ofPlatform().daemon().start(() -> {
                synchronized (others) {
                    held.countDown();
                    synchronized (mine) {
                        sum = 1;
                    }
                }
            });
            held.await();
            synchronized (others) {
                return sum;
            }
        }
    }

    private Object read() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (var server = new ServerSocket(0, 1, here);
                var client = new Socket(here, server.getLocalPort());
                InputStream silence = client.getInputStream()) {
            return silence.read();
        }
    }
}
