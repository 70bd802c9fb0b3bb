package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TimerTest {
    private final List<Object> log = new ArrayList<>();
    private long now; // nanoseconds
    private final ManualLoop loop =
            EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> now);

    @AfterEach
    void closeTheLoop() {
        loop.close();
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
        loop.turn();
    }

    private Consumer<Throwable> logging(String name) {
        return problem -> log.add(name + ": " + problem.getMessage());
    }

    private static void fail() {
        throw new IllegalStateException("failed");
    }

    @Test
    @Tag("L-17")
    void runsADelayWithoutTime() {
        loop.after(Duration.ZERO, () -> log.add("ran"));
        assertThat(log).isEmpty();
        loop.turn();
        assertThat(log).containsExactly("ran");
    }

    @Test
    @Tag("L-18")
    void neverRunsEarly() {
        loop.after(Duration.ofSeconds(2), () -> log.add("ran"));
        pass(1999);
        assertThat(log).isEmpty();
        pass(1);
        assertThat(log).containsExactly("ran");
    }

    @Test
    @Tag("L-19")
    void runsThreeDelaysOfTheSameTimeInTheOrderTheyWereMade() {
        for (int i = 1; i <= 3; i++) {
            int number = i;
            loop.after(Duration.ofSeconds(1), () -> log.add(number));
        }
        pass(1000);
        assertThat(log).containsExactly(1, 2, 3);
    }

    @Test
    @Tag("L-37")
    void threeDelaysAreCountedAndNamedUntilTheyHaveRun() {
        for (int i = 0; i < 3; i++) {
            loop.after(Duration.ofSeconds(2), () -> {});
        }
        assertThat(loop.whyAlive()).hasSize(3).allSatisfy(reason -> assertThat(reason).startsWith("timer of"));
        assertThat(loop.pending()).isEqualTo(3);
        pass(2000);
        assertThat(loop.whyAlive()).isEmpty();
        assertThat(loop.pending()).isZero();
    }

    @Test
    @Tag("L-21")
    void runsAZeroDelayMadeByAZeroDelayInTheNextTurn() {
        loop.after(Duration.ZERO, () -> {
            log.add("first");
            loop.after(Duration.ZERO, () -> log.add("second"));
        });
        loop.turn();
        assertThat(log).containsExactly("first");
        loop.turn();
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    @Tag("L-22")
    void countsADelayFromTheCallAndNotFromTheBeginningOfTheTurn() {
        loop.after(Duration.ZERO, () -> {
            now += 100_000_000; // a callback of 100 ms
            loop.after(Duration.ofMillis(50), () -> log.add("ran"));
        });
        pass(0);
        pass(49);
        assertThat(log).isEmpty();
        pass(1);
        assertThat(log).containsExactly("ran");
    }

    @Test
    void roundsUpToTheNextMillisecond() {
        now = 300_000;
        loop.after(Duration.ofNanos(1_000_001), () -> log.add("ran"));
        now += 1_000_000;
        loop.turn();
        assertThat(log).isEmpty();
        now += 1_000_000;
        loop.turn();
        assertThat(log).containsExactly("ran");
    }

    @Test
    void livesWithADelayOfAllEternity() {
        Duration eternity = Duration.ofSeconds(Long.MAX_VALUE);
        loop.after(eternity, () -> log.add("ran"));
        loop.every(eternity, () -> log.add("ran"));
        loop.schedule(eternity, () -> log.add("ran"));
        pass(Duration.ofDays(10_000).toMillis());
        assertThat(log).isEmpty();
        assertThat(loop.pending()).isEqualTo(3);
    }

    @Test
    void runsADelayBeyondTheSpanOfTheWheel() {
        loop.after(Duration.ofDays(60), () -> log.add("ran"));
        pass(Duration.ofDays(60).toMillis() - 1);
        assertThat(log).isEmpty();
        pass(1);
        assertThat(log).containsExactly("ran");
    }

    @Test
    @Tag("L-23")
    void closedBeforeItsTimeItNeverRuns() {
        Timer timer = loop.after(Duration.ofMillis(5), () -> log.add("ran"));
        timer.close();
        timer.close();
        pass(10);
        assertThat(log).isEmpty();
        assertThat(timer.isOpen()).isFalse();
    }

    @Test
    void closedByATimerOfTheSameTickItNeverRuns() {
        Timer[] second = new Timer[1];
        loop.after(Duration.ofMillis(5), () -> second[0].close());
        second[0] = loop.after(Duration.ofMillis(5), () -> log.add("ran"));
        pass(5);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-24")
    void anIntervalRunsAgainAndAgainUntilItIsClosed() {
        Timer interval = loop.every(Duration.ofMillis(100), () -> log.add("tick"));
        for (int i = 0; i < 32; i++) {
            pass(10);
        }
        interval.close();
        pass(1000);
        assertThat(log).hasSize(3);
    }

    @Test
    void anIntervalCanBeClosedByItsOwnCallback() {
        Timer[] interval = new Timer[1];
        interval[0] = loop.every(Duration.ofMillis(1), () -> {
            log.add("tick");
            interval[0].close();
        });
        pass(1);
        pass(1);
        assertThat(log).hasSize(1);
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-25")
    void anIntervalSkipsTheTicksItMissed() {
        loop.every(Duration.ofMillis(10), () -> {
            log.add(now / 1_000_000);
            now += log.size() == 1 ? 25_000_000 : 0; // the first callback takes 25 ms
        });
        pass(10);
        pass(4);
        assertThat(log).containsExactly(10L);
        pass(1);
        pass(10);
        assertThat(log).containsExactly(10L, 40L, 50L);
    }

    @Test
    @Tag("L-25")
    void anIntervalCatchesUpOnTheTicksItMissedOneInATurn() {
        loop.every(Duration.ofMillis(10), Timer.Missed.CATCH_UP, () -> {
            log.add(now / 1_000_000);
            now += log.size() == 1 ? 25_000_000 : 0; // the first callback takes 25 ms
        });
        pass(10);
        pass(0);
        pass(0);
        assertThat(log).containsExactly(10L, 35L, 35L);
        pass(0);
        pass(4);
        assertThat(log).hasSize(3);
        pass(1);
        assertThat(log).containsExactly(10L, 35L, 35L, 40L);
    }

    @Test
    @Tag("L-25")
    void anIntervalWaitsForAWholePeriodBehindALateTick() {
        loop.every(Duration.ofMillis(10), Timer.Missed.DELAY, () -> {
            log.add(now / 1_000_000);
            now += log.size() == 1 ? 25_000_000 : 0; // the first callback takes 25 ms
        });
        pass(10);
        pass(9);
        assertThat(log).containsExactly(10L);
        pass(1);
        pass(10);
        assertThat(log).containsExactly(10L, 45L, 55L);
    }

    @Test
    @Tag("L-26")
    void anIntervalSurvivesAnExceptionOfItsCallback() {
        loop.every(Duration.ofMillis(1), () -> {
            log.add("tick");
            fail();
        }).onError(logging("own"));
        pass(1);
        pass(1);
        assertThat(log).containsExactly("tick", "own: failed", "tick", "own: failed");
    }

    @Test
    @Tag("L-27")
    void aFailureGoesToTheLoopsReceiverWhenTheTimerHasNone() {
        loop.after(Duration.ZERO, TimerTest::fail);
        loop.turn();
        assertThat(log).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("L-28")
    void whatAnErrorHandlerThrowsGoesToTheNext() {
        loop.after(Duration.ZERO, TimerTest::fail).onError(problem -> {
            throw new IllegalArgumentException("worse", problem);
        });
        loop.turn();
        assertThat(log).singleElement().satisfies(problem -> assertThat((Throwable) problem)
                .hasMessage("worse")
                .hasCauseInstanceOf(IllegalStateException.class));
    }

    @Test
    @Tag("L-29")
    void aNegativeDelayIsRefused() {
        assertThatThrownBy(() -> loop.after(Duration.ofMillis(-1), () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay must not be negative: PT-0.001S");
    }

    @Test
    void aPeriodBelowAMillisecondIsRefused() {
        assertThatThrownBy(() -> loop.every(Duration.ofNanos(999_999), () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("period must be a millisecond or more");
    }

    @Test
    void onlyAReferencedTimerKeepsTheLoopAlive() {
        Timer timer = loop.after(Duration.ofMillis(5), () -> {});
        assertThat(loop.isAlive()).isTrue();
        timer.unref();
        assertThat(timer.isReferenced()).isFalse();
        assertThat(loop.isAlive()).isFalse();
        timer.ref();
        assertThat(loop.isAlive()).isTrue();
        pass(5);
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    void anUnreferencedTimerStillRuns() {
        loop.after(Duration.ofMillis(5), () -> log.add("ran")).unref();
        pass(5);
        assertThat(log).containsExactly("ran");
    }
}
