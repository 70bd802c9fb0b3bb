package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopEventTest {
    private final List<Object> log = new ArrayList<>();
    private long now; // nanoseconds
    private final ManualLoop loop =
            EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> now);
    private final LoopEvent event = loop.event(() -> log.add("called"));

    @AfterEach
    void closeTheLoop() {
        loop.close();
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
        loop.turn();
    }

    @Test
    @Tag("L-50")
    void itSitsInactiveAndHoldsTheLoop() {
        pass(1_000_000);
        assertThat(log).isEmpty();
        assertThat(loop.isAlive()).isTrue();
        assertThat(event.isArmed()).isFalse();
        assertThat(loop.whyAlive()).singleElement().asString().startsWith("event of");
        event.unref();
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-51")
    void anotherThreadActivatesItAndItsResultIsSeen() {
        int[] result = {0};
        EventLoop.run(running -> {
            LoopEvent done = running.event(() -> log.add("Job finished! " + result[0]));
            Thread.ofPlatform().start(() -> {
                result[0] = 42;
                done.activate();
            });
        });
        assertThat(log).containsExactly("Job finished! 42");
    }

    @Test
    @Tag("L-52")
    void armedItRunsOnceItsTimeoutIsOverAndIsFreedThen() {
        event.arm(Duration.ofMillis(10));
        assertThat(event.isArmed()).isTrue();
        pass(9);
        assertThat(log).isEmpty();
        pass(1);
        assertThat(log).containsExactly("called");
        assertThat(event.isFreed()).isTrue();
        assertThat(event.isOpen()).isFalse();
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-52")
    void armedAgainItForgetsTheEarlierTimeout() {
        event.arm(Duration.ofMillis(10)).arm(Duration.ofMillis(30));
        pass(10);
        assertThat(log).isEmpty();
        pass(20);
        assertThat(log).containsExactly("called");
    }

    @Test
    @Tag("L-53")
    void disarmedItWaitsUntilItIsArmedAgain() {
        event.arm(Duration.ofMillis(10)).disarm();
        assertThat(event.isArmed()).isFalse();
        pass(100);
        assertThat(log).isEmpty();
        event.arm(Duration.ZERO);
        pass(0);
        assertThat(log).containsExactly("called");
    }

    @Test
    @Tag("L-54")
    void activatedAndTimedOutItStillRunsOnce() {
        event.arm(Duration.ofMillis(10));
        assertThat(event.activate()).isTrue();
        assertThat(event.activate()).isTrue();
        pass(10);
        pass(10);
        assertThat(log).containsExactly("called");
        assertThat(event.activate()).isFalse();
        assertThat(loop.pending()).isZero();
    }

    @Test
    @Tag("L-55")
    void aFreedOneNeverRunsAndFreeingOrArmingItIsAnError() {
        event.arm(Duration.ofMillis(10));
        event.free();
        pass(10);
        assertThat(log).isEmpty();
        assertThat(event.activate()).isFalse();
        assertThatThrownBy(event::free)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the event is freed already");
        assertThatThrownBy(() -> event.arm(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(event::disarm).isInstanceOf(IllegalStateException.class);
        event.close();
    }

    @Test
    @Tag("L-55")
    void aFailedCallbackFreesItToo() {
        LoopEvent failing = loop.event(() -> {
            throw new IllegalStateException("failed");
        });
        failing.onError(problem -> log.add(problem.getMessage())).activate();
        loop.turn();
        assertThat(log).containsExactly("failed");
        assertThat(failing.isFreed()).isTrue();
    }

    @Test
    void aCallbackThatWasPromisedRunsAlthoughTheLoopEnds() {
        event.activate();
        loop.close();
        assertThat(log).containsExactly("called");
    }

    @Test
    void aNegativeTimeoutIsRefused() {
        assertThatThrownBy(() -> event.arm(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must not be negative: PT-0.001S");
    }
}
