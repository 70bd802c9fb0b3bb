package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
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
