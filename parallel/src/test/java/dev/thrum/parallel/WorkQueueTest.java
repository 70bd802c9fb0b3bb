package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkQueueTest {

    @Test
    @Tag("A-50")
    void elementsComeInTheOrderTheyWerePut() throws Exception {
        WorkQueue<Integer> queue = WorkQueue.unbounded();
        assertThat(queue.tryTake()).isEmpty();
        assertThat(queue.peek()).isEmpty();
        queue.put(1);
        queue.put(2);
        queue.put(3);
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.peek()).contains(1);
        assertThat(queue.take()).isEqualTo(1);
        assertThat(queue.tryTake()).contains(2);
        assertThat(queue.take(Duration.ZERO)).contains(3);
        assertThat(queue.size()).isZero();
    }

    @ParameterizedTest
    @Tag("A-52")
    @ValueSource(ints = {1, 2, 3})
    void aFullQueueKeepsWhoPutsWaiting(int capacity) throws Exception {
        WorkQueue<Integer> queue = WorkQueue.bounded(capacity);
        for (int i = 0; i < capacity; i++) {
            assertThat(queue.offer(i)).isTrue();
        }
        assertThat(queue.offer(9)).isFalse();
        assertThat(queue.room()).isZero();
        Thread putting = Thread.ofPlatform().start(() -> put(queue, 100));
        Kernels.until(() -> putting.getState() == Thread.State.WAITING);
        assertThat(queue.take()).isZero();
        putting.join(20_000);
        assertThat(queue.drain(10)).hasSize(capacity).endsWith(100);
    }

    private static void put(WorkQueue<Integer> queue, int element) {
        try {
            queue.put(element);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Tag("A-53")
    void whatHasNoRoomIsNotTaken() {
        WorkQueue<Integer> queue = WorkQueue.bounded(2);
        assertThat(queue.offerAll(List.of(1, 2, 3))).isEqualTo(2);
        assertThat(queue.drain(1)).containsExactly(1);
        assertThat(queue.drain(5)).containsExactly(2);
        assertThatIllegalArgumentException().isThrownBy(() -> WorkQueue.bounded(0));
    }

    @ParameterizedTest
    @Tag("A-54")
    @CsvSource({"0", "-1", "1", "20000000"})
    void aTakeWithATimeoutEnds(long nanos) throws Exception {
        assertThat(WorkQueue.unbounded().take(Duration.ofNanos(nanos))).isEmpty();
    }

    @Test
    @Tag("A-54.1")
    void whatComesInTimeIsTaken() throws Exception {
        WorkQueue<Integer> queue = WorkQueue.unbounded();
        Thread later = Thread.ofPlatform().start(() -> put(queue, 5));
        assertThat(queue.take(Duration.ofSeconds(20))).contains(5);
        later.join(20_000);
    }

    @Test
    @Tag("A-54.2")
    void anInterruptEndsAWaitAndLosesNothing() throws Exception {
        WorkQueue<Integer> queue = WorkQueue.unbounded();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread taking = Thread.ofPlatform().start(() -> {
            try {
                queue.take();
            } catch (InterruptedException expected) {
                interrupted.set(true);
            }
        });
        Kernels.until(() -> taking.getState() == Thread.State.WAITING);
        taking.interrupt();
        taking.join(20_000);
        queue.put(1);
        assertThat(interrupted).isTrue();
        assertThat(queue.take()).isEqualTo(1);
    }

    @ParameterizedTest
    @Tag("A-51")
    @CsvSource({"4,1,0", "1,4,20", "1,1,1", "4,4,20", "4,4,0"})
    void whatProducersPutConsumersTake(int producers, int consumers, int capacity) throws Exception {
        WorkQueue<Integer> queue = capacity == 0 ? WorkQueue.unbounded() : WorkQueue.bounded(capacity);
        int each = 5_000;
        AtomicLong sum = new AtomicLong();
        AtomicInteger left = new AtomicInteger(producers * each);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    put(queue, i);
                }
            }));
        }
        for (int c = 0; c < consumers; c++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (left.getAndDecrement() > 0) {
                    try {
                        sum.addAndGet(queue.take());
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertThat(sum).hasValue((long) producers * each * (each - 1) / 2);
        assertThat(queue.size()).isZero();
    }

    @Test
    @Tag("A-55.1")
    void aPromiseOfAnElementStandsInLineUntilItIsCancelled() throws Exception {
        WorkQueue<Integer> queue = WorkQueue.unbounded();
        Promise<Integer> first = queue.poll();
        Promise<Integer> second = queue.poll();
        Promise<Integer> third = queue.poll();
        second.cancel();
        queue.put(1);
        queue.put(2);
        queue.put(3);
        assertThat(first.await()).isEqualTo(1);
        assertThat(third.await()).isEqualTo(2);
        assertThat(queue.poll().await()).isEqualTo(3);
        assertThatThrownBy(second::await).hasCauseInstanceOf(java.util.concurrent.CancellationException.class);
    }

    @Test
    @Tag("A-47")
    void tenThreadsEchoThroughTwoQueues() throws Exception {
        WorkQueue<Integer> out = WorkQueue.unbounded();
        WorkQueue<Integer> back = WorkQueue.unbounded();
        CountDownLatch done = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 500; n++) {
                    try {
                        back.put(out.take());
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                done.countDown();
            });
        }
        long sum = 0;
        for (int n = 0; n < 5000; n++) {
            out.put(n);
        }
        for (int n = 0; n < 5000; n++) {
            sum += back.take();
        }
        Kernels.on(done);
        assertThat(sum).isEqualTo(12_497_500);
    }
}
