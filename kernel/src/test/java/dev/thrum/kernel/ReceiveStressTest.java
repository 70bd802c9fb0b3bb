package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Receivers that wait, run out of time and are interrupted beside each other; `thrum.stress.millis` says for how long.
class ReceiveStressTest {
    private static final long MILLIS = Long.getLong("thrum.stress.millis", 300);
    private static final int ROUND = 64;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger received = new AtomicInteger();

    private void patient(Channel<Integer> channel) {
        while (!over.get()) {
            try {
                channel.receive();
                received.incrementAndGet();
            } catch (InterruptedException _) {
                Thread.onSpinWait(); // by the test, again and again
            }
        }
    }

    private void hasty(Channel<Integer> channel) {
        while (!over.get()) {
            try {
                channel.receive(Duration.ofNanos(20_000)).ifPresent(result -> received.incrementAndGet());
            } catch (InterruptedException _) {
                Thread.onSpinWait(); // by the test, again and again
            }
        }
    }

    @Test
    @Tag("K-6.5")
    void whatAFullChannelHoldsIsRunAndReceivedThoughTheKernelEndsMeanwhile() throws Exception {
        long end = System.nanoTime() + MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            Kernel kernel = Kernel.start(2);
            Channel<Integer> full = kernel.channel(1);
            AtomicInteger ran = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                full.submit(ran::incrementAndGet);
            }
            Thread closer = Thread.ofPlatform().start(kernel::close);
            int results = 0;
            while (closer.isAlive()) {
                results += full.tryReceive().isPresent() ? 1 : 0;
            }
            while (full.tryReceive().isPresent()) {
                results++;
            }
            assertThat(ran).hasValue(20);
            assertThat(results).isEqualTo(20);
        }
    }

    /// How a receiver waits.
    private enum Way {
        FOR_EVER,
        LONG,
        LOOKING;

        boolean received(Channel<Integer> channel) throws InterruptedException {
            return switch (this) {
                case FOR_EVER -> channel.receive() == 1;
                case LONG -> channel.receive(Duration.ofDays(1000)).isPresent();
                case LOOKING -> channel.tryReceive().isPresent();
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "1, 4", "1, 1", "4, 4"})
    @Tag("K-55.1")
    void whatManySendIsReceivedOnceByManyInAnyWay(int senders, int receivers) throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            for (Way way : Way.values()) {
                crowd(kernel.channel(), senders, receivers, way);
                crowd(kernel.channel(20), senders, receivers, way);
            }
        }
    }

    private static void crowd(Channel<Integer> channel, int senders, int receivers, Way way) {
        int all = 4_000;
        List<Thread> threads = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(all); // to be claimed by receivers
        for (int i = 0; i < senders; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < all / senders; j++) {
                    channel.submit(() -> 1);
                }
            }));
        }
        for (int i = 0; i < receivers; i++) {
            threads.add(Thread.ofPlatform().start(() -> receive(channel, left, way)));
        }
        threads.forEach(Waits::join);
        assertThat(left).hasValue(-receivers);
        assertThat(channel.tryReceive()).isEmpty();
    }

    private static void receive(Channel<Integer> channel, AtomicInteger left, Way way) {
        try {
            while (left.getAndDecrement() > 0) {
                while (!way.received(channel)) {
                    Thread.onSpinWait();
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @EveryTeam
    @Tag("K-55")
    void everyResultFindsAReceiver(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            Channel<Integer> channel = kernel.channel();
            List<Thread> receivers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                receivers.add(Thread.ofPlatform().start(() -> patient(channel)));
                receivers.add(Thread.ofPlatform().start(() -> hasty(channel)));
            }
            int sent = 0;
            long end = System.nanoTime() + MILLIS * 1_000_000;
            while (System.nanoTime() < end) {
                for (int i = 0; i < ROUND; i++) {
                    channel.submit(() -> 1);
                    if (i % 16 == 0) {
                        receivers.get(i / 16).interrupt();
                    }
                }
                sent += ROUND;
                int expected = sent;
                Waits.until(() -> received.get() == expected);
            }
            over.set(true);
            receivers.forEach(Thread::interrupt);
            for (int i = 0; i < receivers.size(); i++) {
                channel.submit(() -> 1); // for those who missed it
            }
            receivers.forEach(Waits::join);
        }
    }
}
