package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunQueueTest {
    private static final long MILLIS = Long.getLong("thrum.stress.millis", 300);

    private static final class Numbered extends Job {
        private final int number;

        Numbered(int number) {
            super(Terms.here(null, null));
            this.number = number;
        }

        @Override
        @Nullable Object body() {
            return null;
        }

        @Override
        void settle(@Nullable Object outcome) {}
    }

    @Test
    void itIsFirstInFirstOutOverManySegments() {
        RunQueue queue = new RunQueue();
        for (int i = 0; i < 5000; i++) {
            assertThat(queue.offer(new Numbered(i))).isTrue();
        }
        assertThat(queue.size()).isEqualTo(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(queue.poll()).isInstanceOfSatisfying(Numbered.class, at(i));
        }
        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
    }

    private static java.util.function.Consumer<Numbered> at(int i) {
        return job -> assertThat(job.number).isEqualTo(i);
    }

    @Test
    void anEmptyQueueCanBeUsedAgainAtAnyPoint() {
        RunQueue queue = new RunQueue();
        for (int i = 0; i < 5000; i++) {
            assertThat(queue.poll()).isNull();
            queue.offer(new Numbered(i));
            assertThat(queue.isEmpty()).isFalse();
            assertThat(queue.poll()).isInstanceOfSatisfying(Numbered.class, at(i));
        }
    }

    @Test
    void aSealedQueueGivesWhatItHasAndTakesNothing() {
        for (int content : List.of(0, 1, 1023, 1024, 1025, 3000)) {
            RunQueue queue = new RunQueue();
            for (int i = 0; i < content; i++) {
                queue.offer(new Numbered(i));
            }
            queue.seal();
            queue.seal();
            assertThat(queue.offer(new Numbered(-1))).isFalse();
            List<Job> seen = new ArrayList<>();
            queue.forEach(seen::add);
            assertThat(seen).hasSize(content);
            for (int i = 0; i < content; i++) {
                assertThat(queue.isEmpty()).isFalse();
                assertThat(queue.poll()).isInstanceOfSatisfying(Numbered.class, at(i));
            }
            assertThat(queue.isEmpty()).isTrue();
            assertThat(queue.poll()).isNull();
            assertThat(queue.offer(new Numbered(-1))).isFalse();
        }
    }

    @Test
    void whatGetsInBeforeASealComesOutOnceAndNothingElse() throws Exception {
        long end = System.nanoTime() + MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            sealed(4, 4, 2_000);
        }
    }

    private static void sealed(int senders, int takers, int each) {
        RunQueue queue = new RunQueue();
        AtomicIntegerArray in = new AtomicIntegerArray(senders * each);
        AtomicIntegerArray out = new AtomicIntegerArray(senders * each);
        AtomicInteger order = new AtomicInteger();
        List<Thread> sending = new ArrayList<>();
        List<Thread> taking = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            int from = s * each;
            sending.add(Thread.ofPlatform().start(() -> {
                for (int i = from; i < from + each; i++) {
                    if (queue.offer(new Numbered(i))) {
                        in.incrementAndGet(i);
                    }
                }
            }));
        }
        for (int t = 0; t < takers; t++) {
            taking.add(Thread.ofPlatform().start(() -> {
                int[] last = new int[senders];
                while (order.get() == 0 || !queue.isEmpty()) {
                    if (queue.poll() instanceof Numbered job) {
                        out.incrementAndGet(job.number);
                        int sender = job.number / each;
                        if (job.number + 1 < last[sender]) {
                            order.set(-1);
                        }
                        last[sender] = job.number + 1;
                    }
                }
            }));
        }
        queue.seal();
        order.compareAndSet(0, 1);
        sending.forEach(Waits::join);
        taking.forEach(Waits::join);
        assertThat(order).hasValue(1);
        for (int i = 0; i < in.length(); i++) {
            assertThat(out.get(i)).isEqualTo(in.get(i));
        }
    }
}
