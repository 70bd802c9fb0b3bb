package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdlerTest {
    private final List<Object> log = new ArrayList<>();
    private long now; // nanoseconds
    private final ManualLoop loop =
            EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> now);

    @AfterEach
    void closeTheLoop() {
        loop.close();
    }

    @Test
    @Tag("L-36")
    void anIdlerThatClosesItselfAtItsCall517HasRunSoOften() {
        int[] calls = {0};
        Idler[] idler = new Idler[1];
        EventLoop.run(running -> idler[0] = running.idle(() -> {
            if (++calls[0] == 517) {
                idler[0].close();
                idler[0].close();
            }
        }));
        assertThat(calls[0]).isEqualTo(517);
    }

    @Test
    @Tag("L-30")
    void itRunsOnceInATurnBehindTimersAndPostedWork() {
        loop.idle(() -> log.add("idle"));
        loop.execute(() -> log.add("posted"));
        loop.after(Duration.ZERO, () -> log.add("timer"));
        loop.atTurnEnd(() -> log.add("end"));
        loop.turn();
        loop.turn();
        assertThat(log).containsExactly("timer", "posted", "idle", "end", "idle");
    }

    @Test
    @Tag("L-31")
    void withABudgetItGoesOnUntilThatIsUsedUp() {
        loop.idle(Duration.ofMillis(5), () -> {
            log.add("step");
            now += 2_000_000;
        });
        loop.turn();
        assertThat(log).hasSize(4); // the last one begins after four milliseconds of the budget, behind the first
        loop.turn();
        assertThat(log).hasSize(8);
    }

    @Test
    @Tag("L-31")
    void itsBudgetEndsWhenSomethingElseIsToDo() {
        loop.idle(Duration.ofMillis(5), () -> {
            log.add("step");
            now += 1_000_000;
            if (log.size() == 2) {
                loop.execute(() -> log.add("posted"));
            }
        });
        loop.after(Duration.ofMillis(4), () -> log.add("timer"));
        loop.turn();
        assertThat(log).containsExactly("step", "step");
        loop.turn();
        assertThat(log).startsWith("step", "step", "posted", "step", "step");
        loop.turn();
        assertThat(log).startsWith("step", "step", "posted", "step", "step", "timer");
    }

    @Test
    void whereTimeStandsStillABudgetIsOneStepOrTwo() {
        loop.idle(Duration.ofMillis(5), () -> log.add("step"));
        loop.turn();
        assertThat(log).hasSizeBetween(1, 2);
    }

    @Test
    @Tag("L-32")
    void itGoesOnAfterAnException() {
        Idler idler = loop.idle(() -> {
            throw new IllegalStateException("failed");
        });
        loop.turn();
        idler.onError(problem -> log.add("own"));
        loop.turn();
        assertThat(log).hasSize(2).last().isEqualTo("own");
    }

    @Test
    @Tag("L-33")
    void itKeepsTheLoopAliveUnlessUnreferencedAndAwakeUntilItIsClosed() {
        Idler idler = loop.idle(() -> {});
        assertThat(loop.isAlive()).isTrue();
        assertThat(loop.whyAlive()).singleElement().asString().startsWith("idler of");
        idler.unref();
        assertThat(loop.isAlive()).isFalse();
        idler.ref();
        idler.close();
        assertThat(loop.isAlive()).isFalse();
        assertThat(idler.isOpen()).isFalse();
    }

    @Test
    void anotherThreadIsHeardWhileALoopIsIdling() throws Exception {
        EventLoop idling = EventLoop.start("idling");
        NotifierStressTest.on(idling, () -> idling.idle(() -> {}));
        var heard = new CountDownLatch(1);
        idling.execute(heard::countDown);
        heard.await();
        idling.exit();
    }

    @Test
    void oneThatAnotherHasClosedDoesNotRunAnyMore() {
        Idler[] second = new Idler[1];
        loop.idle(() -> second[0].close());
        second[0] = loop.idle(() -> log.add("ran"));
        loop.turn();
        assertThat(log).isEmpty();
    }

    @Test
    void aNegativeBudgetIsRefused() {
        assertThatThrownBy(() -> loop.idle(Duration.ofMillis(-1), () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("budget must not be negative: PT-0.001S");
    }
}
