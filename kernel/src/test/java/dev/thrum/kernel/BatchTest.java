package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Scope;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BatchTest {

    @EveryTeam
    @Tag("K-49.1")
    void receiveAllKeepsTheOrderOfSubmission(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers);
                Batch<Integer> batch = kernel.batch()) {
            for (int i = 0; i < 200; i++) {
                int n = i;
                assertThat(batch.submit(() -> n)).isEqualTo(i);
            }
            assertThat(batch.receiveAll()).isEqualTo(IntStream.range(0, 200).boxed().toList());
            assertThat(batch.pending()).isZero();
            assertThat(batch.receiveAll()).isEmpty();
        }
    }

    @EveryTeam
    @Tag("K-49.2")
    void itCountsWhatIsPending(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers);
                Batch<Integer> batch = kernel.batch()) {
            batch.submit(() -> 1);
            batch.submit(() -> 2);
            assertThat(batch.pending()).isEqualTo(2);
            Set<Integer> results = new HashSet<>();
            while (batch.pending() > 0) {
                results.add(batch.receive());
            }
            assertThat(results).containsExactlyInAnyOrder(1, 2);
            assertThatIllegalStateException().isThrownBy(batch::receive);
        }
    }

    @Test
    @Tag("K-49.3")
    void closingItDropsWhatHasNotBegun() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch go = new CountDownLatch(1);
            AtomicInteger ran = new AtomicInteger();
            try (Batch<Integer> batch = kernel.batch()) {
                batch.submit(() -> {
                    Waits.on(go);
                    return ran.incrementAndGet();
                });
                Waits.until(() -> kernel.running().size() == 1);
                batch.submit(ran::incrementAndGet);
            }
            go.countDown();
            assertThat(kernel.broadcast(ran::get)).containsOnly(1);
        }
    }

    @Test
    @Tag("K-49.5")
    void itHoldsNothingOfWhatWasReceivedHoweverLongItLives() throws Exception {
        try (Kernel kernel = Kernel.start(1);
                Batch<Integer> batch = kernel.batch()) {
            CountDownLatch go = new CountDownLatch(1);
            batch.submit(() -> { // so that something is always outstanding
                Waits.on(go);
                return 0;
            });
            Waits.until(() -> kernel.running().size() == 1);
            List<WeakReference<Callable<Integer>>> tasks = List.of(
                    submitted(batch, () -> 1),
                    submitted(batch, () -> {
                        throw new IOException("gone");
                    }));
            WeakReference<Callable<Integer>> killed = Scope.root().with(Task.CATEGORY, "victim").call(() -> submitted(batch, () -> 3));
            assertThat(kernel.kill("victim", Kernel.Kill.INCLUDE_QUEUED)).isEqualTo(1);
            assertThatThrownBy(batch::receive).isInstanceOf(TaskKilledException.class);
            go.countDown();
            assertThat(batch.receive()).isZero();
            assertThat(batch.receive()).isEqualTo(1);
            assertThatThrownBy(batch::receive).hasCauseInstanceOf(IOException.class);
            assertThat(kernel.broadcast(() -> 1)).hasSize(1); // no worker has one of them in hand
            assertThat(tasks).allSatisfy(BatchTest::assertCollected);
            assertCollected(killed);
            assertThat(batch.submit(() -> 4)).isEqualTo(4);
            assertThat(batch.receiveAll()).containsExactly(4);
        }
    }

    private static WeakReference<Callable<Integer>> submitted(Batch<Integer> batch, Callable<Integer> body) {
        Callable<Integer> task = () -> body.call(); // a new object, which nothing but the batch knows
        batch.submit(task);
        return new WeakReference<>(task);
    }

    private static void assertCollected(WeakReference<?> reference) {
        Waits.until(() -> {
            System.gc();
            return reference.refersTo(null);
        });
    }

    @EveryTeam
    @Tag("K-49.6")
    void aTaskOfABatchIsBegunAgainWhereAHandlerSaysSo(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers);
                Batch<Integer> batch = kernel.batch()) {
            AtomicInteger tries = new AtomicInteger();
            TaskHandler.on(IOException.class, e -> new TaskHandler.Retry()).during(() -> batch.submit(() -> {
                if (tries.incrementAndGet() < 3) {
                    throw new IOException("not yet");
                }
                return tries.get();
            }));
            assertThat(batch.receive()).isEqualTo(3);
        }
    }

    @EveryTeam
    @Tag("K-49.4")
    void aFailedTaskIsThrownAndCountedAndTheOthersAreStillThere(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers);
                Batch<Integer> batch = kernel.batch()) {
            batch.submit(() -> 1);
            batch.submit(() -> {
                throw new IOException("gone");
            });
            batch.submit(() -> 3);
            assertThatThrownBy(batch::receiveAll).isInstanceOf(TaskException.class).hasCauseInstanceOf(IOException.class);
            assertThat(batch.pending()).isEqualTo(2);
            assertThat(batch.receiveAll()).containsExactly(1, 3);
        }
    }

    @Test
    @Tag("K-27")
    void aTimeoutComesLaterThanAQuickTask() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            Channel<String> channel = kernel.channel();
            Channel.Timeout<String> late = channel.submitTimeout(Duration.ofDays(1), "late");
            channel.submit(() -> "task");
            assertThat(channel.receive()).isEqualTo("task");
            channel.submitTimeout(Duration.ofMillis(20), "timeout");
            assertThat(channel.receive()).isEqualTo("timeout");
            assertThat(late.cancel("cancelled")).isTrue();
        }
    }

    @Test
    @Tag("K-28")
    void aCancelledTimeoutDeliversTheOtherValueOnce() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            Channel<String> channel = kernel.channel();
            Channel.Timeout<String> timeout = channel.submitTimeout(Duration.ofDays(1), "timeout");
            assertThat(timeout.cancel("cancelled")).isTrue();
            assertThat(timeout.cancel("again")).isFalse();
            assertThat(channel.receive()).isEqualTo("cancelled");
            assertThat(channel.tryReceive()).isEmpty();
            assertThat(kernel.counters().served()).isZero();
        }
    }
}
