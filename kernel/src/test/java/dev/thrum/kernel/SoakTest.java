package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Everything at once, at random: submissions, priorities, kills, broadcasts and the end. It takes three times
/// `thrum.stress.millis`; `thrum.stress.seed` repeats the choices of a run, though not what the machine makes of them.
class SoakTest {
    private static final long MILLIS = 3 * Long.getLong("thrum.stress.millis", 300);
    private static final int SENDERS = 3;
    private static final int CATEGORIES = 3;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    @Tag("K-56")
    void everyAcceptedTaskIsReceivedOnceHoweverTheKernelIsTreated() throws Exception {
        long seed = Long.getLong("thrum.stress.seed", System.nanoTime());
        System.out.println("soak: thrum.stress.seed=" + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + MILLIS * 1_000_000;
        for (int round = 0; System.nanoTime() < end; round++) {
            round("round " + round + " of the seed " + seed, random);
        }
    }

    private void round(String name, Random random) throws Exception {
        int workers = 1 << random.nextInt(5);
        int zombies = random.nextInt(6);
        int spins = random.nextInt(2) * 200;
        Kernel kernel = Kernel.start(workers, k -> k.withZombies(zombies).withSpins(spins));
        List<Sender> senders = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Sender sender = new Sender(kernel, random.nextLong());
            senders.add(sender);
            threads.add(Thread.ofPlatform().start(sender));
        }
        threads.forEach(Waits::join);
        kernel.close();
        assertThat(failure.get()).as(name).isNull();
        for (Sender sender : senders) {
            sender.receiveAll();
            assertThat(sender.received).as(name).isEqualTo(sender.sent);
        }
        assertThat(kernel.counters().queued() + kernel.counters().held()).as(name).isZero();
        Waits.until(() -> kernel.counters().zombies() == 0);
    }

    /// One that does things to the kernel until it is told that the kernel has ended, or has done enough.
    private final class Sender implements Runnable {
        private final Kernel kernel;
        private final Random random;
        private final Channel<Integer> channel;
        private final AtomicInteger broadcasts = new AtomicInteger();
        private int sent;
        private int received;

        Sender(Kernel kernel, long seed) {
            this.kernel = kernel;
            this.random = new Random(seed);
            this.channel = random.nextBoolean() ? kernel.channel() : kernel.channel(1 + random.nextInt(8));
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < 500; i++) {
                    act();
                }
            } catch (RejectedExecutionException ended) {
                assertThat(ended).hasMessageContaining("has ended");
            } catch (Throwable problem) {
                failure.compareAndSet(null, problem);
            }
        }

        private void act() throws InterruptedException {
            switch (random.nextInt(400)) {
                case 0 -> kernel.end();
                case 1, 2, 3 -> broadcast();
                case 4, 5, 6 -> kernel.kill(random.nextInt(CATEGORIES), Kernel.Kill.INCLUDE_QUEUED);
                case 7, 8, 9, 10, 11, 12 -> kernel.kill(random.nextInt(CATEGORIES));
                case 13 -> kernel.kill(Task.DEFAULT_CATEGORY);
                default -> sendOrReceive();
            }
        }

        private void sendOrReceive() {
            if (random.nextInt(3) == 0) {
                tryReceive();
                return;
            }
            int turns = random.nextInt(200);
            channel.in(random.nextInt(CATEGORIES))
                    .at(Priority.values()[random.nextInt(2)])
                    .submit(() -> work(turns));
            sent++;
        }

        private int work(int turns) {
            for (int i = 0; i < turns; i++) {
                Thread.onSpinWait();
            }
            if (turns % 17 == 0) {
                throw new IllegalStateException("as it should");
            }
            return turns;
        }

        private void broadcast() throws InterruptedException {
            try {
                assertThat(kernel.broadcast(broadcasts::incrementAndGet)).hasSize(kernel.workers());
            } catch (TaskKilledException killed) {
                assertThat(killed).hasMessageContaining("worker");
            }
        }

        private boolean tryReceive() {
            boolean found;
            try {
                found = channel.tryReceive().isPresent();
            } catch (TaskException failed) {
                found = true;
            }
            received += found ? 1 : 0;
            return found;
        }

        void receiveAll() {
            while (tryReceive()) {
                Thread.onSpinWait();
            }
        }
    }
}
