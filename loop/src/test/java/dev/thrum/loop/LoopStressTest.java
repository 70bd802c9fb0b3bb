package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("stress")
@Timeout(120)
class LoopStressTest {
    private static final long NANOS = Long.getLong("thrum.stress.millis", 300) * 1_000_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    /// Each of four threads posts its numbers in order; they must run in order, and all of them.
    @Test
    void whatOneThreadPostsRunsInItsOrder() throws Exception {
        EventLoop loop = EventLoop.start("ordered");
        int[] last = new int[4];
        var disorder = new AtomicReference<String>();
        int[] posted = new int[4];
        long end = System.nanoTime() + NANOS;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int index = i;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 1; System.nanoTime() < end; n++) {
                    int number = n;
                    posted[index] = n;
                    loop.post(() -> {
                        if (last[index] != number - 1) {
                            disorder.set(index + ": " + number + " after " + last[index]);
                        }
                        last[index] = number;
                    });
                    if ((n & 4095) == 0) {
                        Thread.yield();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        NotifierStressTest.on(loop, () -> null);
        loop.exit();
        assertThat(loop.awaitEnd(LONG)).isTrue();
        assertThat(disorder.get()).isNull();
        assertThat(last).containsExactly(posted);
    }

    /// One post at a time to a sleeping loop: a lost bell would hang it.
    @Test
    void aPostToASleepingLoopIsNeverLost() throws Exception {
        EventLoop loop = EventLoop.start("sleeper");
        var ran = new AtomicInteger();
        long end = System.nanoTime() + NANOS;
        int count = 0;
        while (System.nanoTime() < end) {
            assertThat(loop.post(ran::incrementAndGet)).isTrue();
            count++;
            long patience = System.nanoTime() + 60_000_000_000L;
            while (ran.get() < count) {
                assertThat(System.nanoTime()).isLessThan(patience);
                Thread.onSpinWait();
            }
        }
        loop.exit();
    }

    /// A loop that runs dry while others post, hold and release: what was accepted ran, and it always ends.
    @Test
    void holdsAndPostsThatRaceWithTheLoopsEnd() throws Exception {
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            var ran = new AtomicInteger();
            var accepted = new AtomicInteger();
            EventLoop[] shared = new EventLoop[1];
            List<Thread> threads = new ArrayList<>();
            EventLoop.run(loop -> {
                shared[0] = loop;
                Registration hold = loop.hold();
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 20; i++) {
                        Registration again = loop.hold();
                        if (loop.post(ran::incrementAndGet)) {
                            accepted.incrementAndGet();
                        }
                        again.close();
                    }
                    hold.close();
                }));
                threads.add(Thread.ofPlatform().start(() -> {
                    while (loop.post(ran::incrementAndGet)) {
                        accepted.incrementAndGet();
                        Thread.yield();
                    }
                }));
            });
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(ran.get()).isEqualTo(accepted.get()).isGreaterThanOrEqualTo(20);
        }
    }

    /// The last release must wake the loop, or it would sleep for ever.
    @Test
    void theLastReleaseEndsTheLoop() {
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            EventLoop.run(loop -> {
                Registration hold = loop.hold();
                Thread.ofPlatform().start(hold::close);
            });
        }
    }

    /// Handles that fire, close and are made while another thread cancels their scope: nothing is left, and the loop ends.
    @Test
    @Tag("L-97")
    void aScopeThatIsCancelledAtAnyMomentLeavesNoHandle() {
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            EventLoop.run(loop -> {
                Scope request = Scope.current().child();
                loop.execute(() -> request.run(() -> makeMore(loop, 0)));
                Thread.ofPlatform().start(() -> request.cancel(new IOException("the client went away")));
            });
        }
    }

    private static void makeMore(EventLoop loop, int count) {
        Duration hour = Duration.ofHours(1);
        loop.after(hour, () -> {});
        loop.every(hour, () -> {}).close();
        loop.mailbox(1, Mailbox.Overflow.REJECT, message -> {});
        loop.event(() -> {}).arm(hour);
        loop.idle(() -> {});
        loop.notifier(() -> {}).trigger();
        if (count < 1000) {
            loop.after(Duration.ZERO, () -> makeMore(loop, count + 1));
        }
    }
}
