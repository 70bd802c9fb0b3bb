package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("stress")
class NotifierStressTest {
    private static final long NANOS = Long.getLong("thrum.stress.millis", 300) * 1_000_000;

    /// Two threads count and trigger; the callback must see every count whose trigger said true.
    @Test
    void aTriggerAnsweredTrueIsSeenByACallback() throws Exception {
        EventLoop loop = EventLoop.start("stress");
        var counters = new AtomicLong[] {new AtomicLong(), new AtomicLong()};
        long[] plain = new long[2];
        long[] seen = new long[2];
        Notifier notifier = on(loop, () -> loop.notifier(() -> {
                    seen[0] = plain[0];
                    seen[1] = plain[1];
                })
                .repeating());
        long end = System.nanoTime() + NANOS;
        Thread[] threads = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int index = i;
            threads[i] = Thread.ofPlatform().start(() -> {
                while (System.nanoTime() < end) {
                    plain[index]++;
                    if (notifier.trigger()) {
                        counters[index].setRelease(plain[index]);
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        on(loop, () -> null); // behind the last callback
        on(loop, () -> null);
        loop.exit();
        assertThat(loop.awaitEnd(Duration.ofSeconds(60))).isTrue();
        assertThat(seen[0]).isGreaterThanOrEqualTo(counters[0].get());
        assertThat(seen[1]).isGreaterThanOrEqualTo(counters[1].get());
    }

    /// One write before one trigger, again and again: each is visible to the callback that answers it.
    @Test
    void whatWasWrittenBeforeATriggerIsNeverMissedWhenItStops() throws Exception {
        EventLoop loop = EventLoop.start("stress");
        int[] written = {0};
        var seen = new AtomicInteger();
        Notifier notifier = on(loop, () -> loop.notifier(() -> seen.set(written[0])).repeating());
        long end = System.nanoTime() + NANOS;
        boolean lost = false;
        for (int round = 1; System.nanoTime() < end && !lost; round++) {
            for (int burst = round & 7; burst >= 0; burst--) {
                written[0]++;
                notifier.trigger();
            }
            long patience = System.nanoTime() + 60_000_000_000L;
            while (seen.get() != written[0] && !lost) {
                lost = System.nanoTime() > patience;
                Thread.onSpinWait();
            }
        }
        loop.exit();
        assertThat(lost).isFalse();
    }

    /// Triggers race with free: every true is answered by a callback that sees what was written, every false is final.
    @Test
    @Tag("L-46")
    void aTriggerThatRacesWithFreeIsDeliveredOrAnsweredFalse() throws Exception {
        EventLoop loop = EventLoop.start("stress");
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            int[] written = {0};
            var seen = new AtomicInteger();
            Notifier notifier = on(loop, () -> loop.notifier(() -> seen.set(written[0])).repeating());
            var freed = new CountDownLatch(1);
            loop.execute(() -> {
                notifier.free();
                freed.countDown();
            });
            int promised = 0;
            do {
                written[0]++;
                promised = notifier.trigger() ? written[0] : promised;
            } while (!notifier.isFreed());
            assertThat(notifier.trigger()).isFalse();
            freed.await();
            on(loop, () -> null);
            on(loop, () -> null);
            assertThat(seen.get()).isGreaterThanOrEqualTo(promised);
        }
        loop.exit();
    }

    /// Triggers race with the end of the loop, by itself and by exit.
    @Test
    @Tag("L-46")
    void aTriggerThatRacesWithTheLoopsEndIsDeliveredOrAnsweredFalse() throws Exception {
        long end = System.nanoTime() + NANOS;
        for (int round = 0; System.nanoTime() < end; round++) {
            boolean exits = (round & 1) == 0;
            EventLoop loop = EventLoop.start("stress");
            int[] written = {0};
            int[] seen = {0};
            Notifier notifier = on(loop, () -> {
                Notifier made = loop.notifier(() -> seen[0] = written[0]).repeating();
                made.unref();
                return made;
            });
            if (exits) {
                loop.exit();
            } else {
                loop.execute(loop::exit);
            }
            int promised = 0;
            do {
                written[0]++;
                promised = notifier.trigger() ? written[0] : promised;
            } while (!notifier.isFreed());
            assertThat(loop.awaitEnd(Duration.ofSeconds(60))).isTrue();
            assertThat(seen[0]).isGreaterThanOrEqualTo(promised);
        }
    }

    static <T> T on(EventLoop loop, java.util.concurrent.Callable<T> call) throws Exception {
        var task = new java.util.concurrent.FutureTask<>(call);
        loop.execute(task);
        return task.get();
    }
}
