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

@Timeout(120)
class LoopGuardTest {
    private final CountDownLatch reported = new CountDownLatch(1);

    /// Blocks a loop until that is reported, and lets it end when the end of that turn is reported as well: nothing comes later.
    private void blockALoop() {
        Registration[] listening = new Registration[1];
        EventLoop.run(LoopConfig.named("blocked").withPatience(Duration.ofMillis(200)), loop -> {
            Registration hold = loop.hold();
            listening[0] = Watchdog.listen(turn -> hear(turn, hold)); // behind the guard
            loop.execute(this::block);
        });
        listening[0].close();
    }

    private void hear(BlockedTurn turn, Registration hold) {
        if (turn.loop().equals("blocked")) {
            reported.countDown();
            if (turn.isOver()) {
                hold.close();
            }
        }
    }

    private void block() {
        try {
            reported.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
