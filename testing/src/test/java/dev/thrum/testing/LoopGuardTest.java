package dev.thrum.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.BlockedTurn;
import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.Watchdog;
import dev.thrum.scope.Registration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopGuardTest {
    private final CountDownLatch reported = new CountDownLatch(1);

    private void blockALoop() {
        Registration listening = Watchdog.listen(turn -> reported.countDown()); // behind the guard
        EventLoop.run(LoopConfig.named("blocked").withPatience(Duration.ofMillis(20)), loop -> loop.execute(() -> {
            try {
                reported.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        listening.close();
    }

    @Test
    @Tag("L-85")
    void aTestInWhichALoopBlocksFailsAndTellsWhere() {
        LoopGuard guard = LoopGuard.start();
        blockALoop();
        assertThatThrownBy(guard::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("loop 'blocked'")
                .hasMessageContaining("LoopGuardTest");
    }

    @Test
    @Tag("L-85")
    void aTestMayTakeWhatWasReported() {
        try (LoopGuard guard = LoopGuard.start()) {
            blockALoop();
            assertThat(guard.takeBlocked()).first().extracting(BlockedTurn::loop).isEqualTo("blocked");
            guard.takeBlocked(); // the end of the turn, if that was reported meanwhile
        }
    }

    @Test
    @Tag("L-85")
    void aTestWithoutABlockedLoopPasses() {
        LoopGuard guard = LoopGuard.start();
        EventLoop.run(
                LoopConfig.named("quick").withPatience(Duration.ofSeconds(30)),
                loop -> loop.after(Duration.ofMillis(1), () -> {}));
        guard.close();
    }
}
