package dev.thrum.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Cancels, ends and aborts that race with the work.
@Timeout(120)
class SystemStressTest {
    private static final long MILLIS = Long.getLong("thrum.stress.millis", 300);

    private final Random random = new Random();
    private final Lane lane = Lane.start("stress", 3, 100);

    @FunctionalInterface
    private interface Round {
        void run() throws Exception;
    }

    @AfterEach
    void close() {
        lane.close();
    }

    private static void again(Round round) throws Exception {
        long end = System.nanoTime() + MILLIS * 1_000_000;
        do {
            round.run();
        } while (System.nanoTime() - end < 0);
    }

    private void waitAMoment() {
        for (int spins = random.nextInt(2_000); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    @Test
    @Tag("SY-5")
    void workThatIsCancelledWhileItBeginsEitherRunsOrIsDroppedAndItsRoomComesBack() throws Exception {
        again(() -> {
            var ran = new AtomicInteger();
            var over = new AtomicInteger();
            Scope request = Scope.current().child();
            List<Promise<Integer>> work = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                work.add(request.call(() -> lane.submit(ran::incrementAndGet, result -> {}, over::incrementAndGet)));
            }
            waitAMoment();
            work.get(random.nextInt(50)).cancel();
            request.cancel(new IOException("gone"));
            Eventually.holds(() -> over.get() == 50, "all are over");
            long rejected = work.stream().filter(promise -> promise.state() instanceof Rejected).count();
            assertThat(ran.get() + rejected).isBetween(50L, 51L); // the one promise may be cancelled while its work runs
            assertThat(lane.refusal()).isNull();
        });
        assertThat(lane.counters().waiting()).isZero();
    }

    /// Counts how it is used, and by how many at once.
    private static final class Zeros implements Pump.Source {
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger misuse = new AtomicInteger();
        private int left = 200;

        @Override
        public int read(ByteBuffer into) {
            misuse.addAndGet(inside.getAndIncrement() + closed.get());
            into.put((byte) 0);
            inside.decrementAndGet();
            return left-- == 0 ? -1 : 1;
        }

        @Override
        public void close() {
            misuse.addAndGet(inside.get());
            closed.incrementAndGet();
        }
    }

    @Test
    @Tag("SY-24")
    void aStreamThatIsCancelledAtAnyMomentClosesItsSourceOnceAndNeverUnderARead() throws Exception {
        again(() -> {
            var source = new Zeros();
            Scope request = Scope.current().child();
            Promise<Long> stream = request.call(() -> Pump.start(
                    lane::proceed, source, bytes -> lane.submit(bytes::get), ByteBuffer.allocate(1)));
            waitAMoment();
            if (random.nextBoolean()) {
                stream.cancel();
            } else {
                request.cancel(new IOException("gone"));
            }
            Eventually.holds(() -> source.closed.get() == 1, "the source is closed");
            Eventually.holds(() -> !(stream.state() instanceof Pending), "the end is told");
            assertThat(source.misuse).hasValue(0);
        });
    }

    /// Counts how it is used, and by how many at once.
    private static final class Counter implements SerialWriter.Target {
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger misuse = new AtomicInteger();
        long bytes; // of the writing thread

        @Override
        public void write(ByteBuffer piece) {
            misuse.addAndGet(inside.getAndIncrement() + closed.get());
            bytes += piece.remaining();
            inside.decrementAndGet();
        }

        @Override
        public void close(@Nullable Throwable failure) {
            misuse.addAndGet(inside.get());
            closed.incrementAndGet();
        }
    }

    @Test
    @Tag("SY-25")
    void writesOfManyThreadsAllSettleAndTheTargetIsUsedByOneAtATimeAndClosedOnce() throws Exception {
        again(() -> {
            var target = new Counter();
            var writer = new SerialWriter(lane::proceed, target);
            List<Promise<Long>> writes = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int k = 0; k < 20; k++) {
                        writes.add(writer.write(ByteBuffer.allocate(3)));
                    }
                }));
            }
            waitAMoment();
            Promise<Long> end =
                    random.nextBoolean() ? writer.end() : writer.abort(new CancellationException("given up"));
            for (Thread thread : threads) {
                thread.join();
            }
            long total = end.await();
            assertThat(target.closed).hasValue(1);
            assertThat(target.misuse).hasValue(0);
            assertThat(target.bytes).isEqualTo(total).isEqualTo(writer.written());
            for (Promise<Long> write : writes) {
                assertThat(write.recover(Exception.class, refused -> 0L).await()).isBetween(0L, total);
            }
            assertThat(writer.pending()).isZero();
        });
    }
}
