package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the watchdog makes of a loop, look by look; its own thread plays no part.
@Timeout(60)
class PulseTest {
    private static final long MILLI = 1_000_000;

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final Pulse pulse = new Pulse(LoopConfig.named("main").withPatience(Duration.ofMillis(100)));
    private final Thread thread = new Thread(this::blockHere);

    @BeforeEach
    void beginATurn() {
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        pulse.start(thread);
        pulse.beat();
    }

    @AfterEach
    void goOn() throws InterruptedException {
        blocked.countDown();
        thread.join();
    }

    private void blockHere() {
        try {
            blocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable BlockedTurn look(int times) {
        BlockedTurn last = null;
        for (int i = 0; i < times; i++) {
            last = pulse.look(10 * MILLI);
        }
        return last;
    }

    @Test
    @Tag("L-80")
    void aTurnIsReportedWhenThePatienceIsAtItsEndAndWhenItsTimeHasDoubled() {
        assertThat(look(10)).isNull();
        assertThat(look(1)).isNotNull();
        assertThat(look(9)).isNull();
        BlockedTurn second = look(1);
        assertThat(second).isNotNull();
        assertThat(second.time()).isEqualTo(Duration.ofMillis(200));
        assertThat(second.isOver()).isFalse();
        assertThat(pulse.blocked()).isEqualTo(1);
    }

    @Test
    @Tag("L-81")
    void aReportNamesPlaceCallbackAndWork() {
        pulse.runs("timer of App");
        pulse.entered(Scope.root().with(Scope.WORK, () -> "GET /x"));
        BlockedTurn report = look(11);
        assertThat(report).isNotNull();
        assertThat(report.message())
                .matches("loop 'main' is blocked for 100 ms, 100 % in PulseTest.blockHere:\\d+, by timer of App,"
                        + " request GET /x");
        assertThat(report.stack()).extracting(StackTraceElement::getMethodName).contains("blockHere");
    }

    @Test
    @Tag("L-80")
    void theEndOfAReportedTurnIsReportedToo() {
        pulse.runs("timer of App");
        look(15);
        pulse.runs("something else");
        pulse.beat();
        BlockedTurn last = look(1);
        assertThat(last).isNotNull();
        assertThat(last.isOver()).isTrue();
        assertThat(last.message()).startsWith("loop 'main' was blocked for 140 ms").endsWith("by timer of App");
        assertThat(look(5)).isNull();
    }

    @Test
    @Tag("L-82")
    void turnsThatFollowEachOtherAreNotOneLongTurn() {
        for (int i = 0; i < 100; i++) {
            assertThat(look(5)).isNull();
            pulse.beat();
        }
        assertThat(pulse.blocked()).isZero();
    }

    @Test
    @Tag("L-82")
    void aLoopThatWaitsIsNotBlocked() {
        look(5);
        pulse.rest();
        assertThat(look(100)).isNull();
        pulse.beat();
        assertThat(look(10)).isNull();
    }

    @Test
    void itLooksMoreOftenWhileATurnLasts() {
        look(1);
        assertThat(pulse.pause()).isEqualTo(25 * MILLI);
        look(1);
        assertThat(pulse.pause()).isEqualTo(5 * MILLI);
    }

    @Test
    void namesThatThrowDoNotSilenceAReport() {
        pulse.entered(Scope.root().with(Scope.WORK, () -> {
            throw new IllegalStateException("no name");
        }));
        BlockedTurn report = look(11);
        assertThat(report).isNotNull();
        assertThat(report.message()).endsWith("request work whose name throws java.lang.IllegalStateException");
    }

    @Test
    void aNegativePatienceIsRefused() {
        assertThatThrownBy(() -> LoopConfig.named("x").withPatience(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patience must not be negative: PT-0.001S");
    }
}
