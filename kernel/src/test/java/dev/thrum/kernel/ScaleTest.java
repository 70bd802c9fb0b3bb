package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many more workers than cores.
class ScaleTest {
    private static final int WORKERS = 64;

    @Test
    @Tag("K-57")
    void sixtyFourWorkersRunFloodsAndBroadcastsAndAreReplaced() throws Exception {
        try (Kernel kernel = Kernel.start(WORKERS)) {
            Channel<Integer> channel = kernel.channel();
            for (int i = 0; i < 20_000; i++) {
                channel.submit(() -> 1);
            }
            channel.receive(20_000, each -> assertThat(each).isEqualTo(1));
            assertThat(new HashSet<>(kernel.broadcast(() -> kernel.workerIndex().orElseThrow())))
                    .hasSize(WORKERS);
            killHalf(kernel);
            assertThat(new HashSet<>(kernel.broadcast(() -> kernel.workerIndex().orElseThrow())))
                    .hasSize(WORKERS);
        }
    }

    private static void killHalf(Kernel kernel) throws InterruptedException {
        Channel<Integer> victims = kernel.<Integer>channel().in("victim");
        CountDownLatch begun = new CountDownLatch(WORKERS / 2);
        for (int i = 0; i < WORKERS / 2; i++) {
            victims.submit(() -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return 0;
            });
        }
        Waits.on(begun);
        assertThat(kernel.kill("victim")).isEqualTo(WORKERS / 2);
        for (int i = 0; i < WORKERS / 2; i++) {
            assertThatThrownBy(victims::receive).isInstanceOf(TaskKilledException.class);
        }
        assertThat(kernel.counters().strength()).isEqualTo(WORKERS);
    }
}
