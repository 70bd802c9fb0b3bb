package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Kills that race with the ends of tasks; `thrum.stress.millis` says for how long.
class KillStressTest {
    private static final long MILLIS = Long.getLong("thrum.stress.millis", 300);
    private static final int AT_ONCE = 16;
    private static final int KILLS = (int) Math.min(10_000, 2 * MILLIS);

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger touched = new AtomicInteger();

    /// A task that would notice a kill meant for the one before it.
    private int bystander() {
        for (int i = 0; i < 50; i++) {
            Thread.onSpinWait();
            if (Thread.currentThread().isInterrupted()) {
                touched.incrementAndGet();
            }
        }
        return 1;
    }

    private static int victim() {
        for (int i = 0; i < 50; i++) {
            Thread.onSpinWait();
        }
        return 2;
    }

    /// Makes sure that there is a kill in every round.
    private static int untilKilled() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        return -1;
    }

    @EveryTeam
    @Tag("K-50")
    void noSuccessorOfAKilledTaskIsEverHit(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers, k -> k.withZombies(1_000).withSpins(workers % 4 * 100))) {
            Channel<Integer> bystanders = kernel.channel();
            Channel<Integer> victims = kernel.<Integer>channel().in("victim");
            Thread killer = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    kernel.kill("victim");
                }
            });
            int killed = 0;
            long end = System.nanoTime() + MILLIS * 1_000_000;
            while (System.nanoTime() < end) {
                victims.submit(KillStressTest::untilKilled);
                for (int i = 1; i < AT_ONCE; i++) {
                    victims.submit(KillStressTest::victim);
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    bystanders.submit(this::bystander);
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    assertThat(bystanders.receive()).isEqualTo(1);
                    try {
                        assertThat(victims.receive()).isEqualTo(2);
                    } catch (TaskKilledException _) {
                        killed++;
                    }
                }
            }
            over.set(true);
            Waits.join(killer);
            assertThat(touched).hasValue(0);
            assertThat(killed).isPositive();
            assertThat(victims.tryReceive()).isEmpty();
            assertThat(kernel.counters().killed()).isEqualTo(killed);
            Waits.until(() -> kernel.counters().zombies() == 0);
            assertThat(kernel.counters().strength()).isEqualTo(workers);
        }
    }

    @Test
    @Tag("K-50")
    void tenThousandKillsOfACategoryTouchNoTaskOfAnother() throws Exception {
        try (Kernel kernel = Kernel.start(4, k -> k.withZombies(KILLS))) {
            Channel<Integer> bystanders = kernel.channel();
            Channel<Integer> victims = kernel.<Integer>channel().in("victim");
            for (int killed = 0; killed < KILLS; killed += 2) {
                for (int i = 0; i < AT_ONCE; i++) {
                    if (i % (AT_ONCE / 2) == 0) {
                        victims.submit(KillStressTest::untilKilled);
                    }
                    bystanders.submit(this::bystander);
                }
                for (int found = 0; found < 2; found += kernel.kill("victim")) {
                    LockSupport.parkNanos(10_000);
                }
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(victims::receive).isInstanceOf(TaskKilledException.class);
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    assertThat(bystanders.receive()).isEqualTo(1);
                }
            }
            assertThat(touched).hasValue(0);
            assertThat(kernel.counters().killed()).isEqualTo(KILLS);
            Waits.until(() -> kernel.counters().zombies() == 0);
            assertThat(kernel.counters().strength()).isEqualTo(4);
        }
    }

    @Test
    @Tag("K-51")
    void everyTaskIsSettledOnceWhateverHappens() throws Exception {
        long seed = Long.getLong("thrum.stress.seed", System.nanoTime());
        java.util.Random random = new java.util.Random(seed);
        long end = System.nanoTime() + MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            Kernel kernel = Kernel.start(1 + random.nextInt(4), k -> k.withZombies(random.nextInt(4))
                    .withSpins(random.nextInt(2) * 500));
            Channel<Integer> channel = random.nextBoolean() ? kernel.channel() : kernel.channel(1 + random.nextInt(8));
            int tasks = random.nextInt(300);
            List<Thread> killers = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                channel.in(random.nextInt(3))
                        .at(Priority.values()[random.nextInt(2)])
                        .submit(random.nextBoolean() ? () -> 1 : KillStressTest::victim);
                switch (random.nextInt(40)) {
                    case 0 -> kernel.kill(1);
                    case 1 -> kernel.kill(2, Kernel.Kill.INCLUDE_QUEUED);
                    case 2 -> killers.add(Thread.ofPlatform().start(() -> kernel.kill(0)));
                    default -> Thread.onSpinWait();
                }
            }
            kernel.close();
            killers.forEach(Waits::join); // one may be about to settle what it has killed
            int results = 0;
            for (int i = 0; i < tasks; i++) {
                try {
                    results += channel.tryReceive().isPresent() ? 1 : 0;
                } catch (TaskKilledException _) {
                    results++;
                }
            }
            assertThat(results).as("results with the seed %d", seed).isEqualTo(tasks);
            assertThat(channel.tryReceive()).isEmpty();
        }
    }
}
