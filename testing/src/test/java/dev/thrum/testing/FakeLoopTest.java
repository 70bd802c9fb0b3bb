package dev.thrum.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.scope.Home;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeLoopTest {
    private final List<Object> log = new ArrayList<>();

    @Test
    void runsWhatFallsDueOnTheWayAtItsOwnTime() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(loop -> {
                loop.after(Duration.ofHours(2), () -> log.add(fake.elapsed()));
                loop.after(Duration.ofSeconds(1), () -> {
                    log.add(fake.elapsed());
                    loop.after(Duration.ofMillis(5), () -> log.add(fake.elapsed()));
                });
            });
            fake.advance(Duration.ofHours(3));
            assertThat(log)
                    .containsExactly(Duration.ofSeconds(1), Duration.ofMillis(1005), Duration.ofHours(2));
            assertThat(fake.elapsed()).isEqualTo(Duration.ofHours(3));
        }
    }

    @Test
    void ticksOnceForEachPeriod() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(loop -> loop.every(Duration.ofMinutes(1), () -> log.add("tick")));
            fake.advance(Duration.ofHours(1));
            assertThat(log).hasSize(60);
        }
    }

    @Test
    void settlesWithoutTimePassing() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.loop().execute(() -> fake.loop().execute(() -> log.add("both")));
            assertThat(fake.pending()).isEqualTo(1);
            fake.settle();
            assertThat(log).containsExactly("both");
            assertThat(fake.elapsed()).isZero();
        }
    }

    @Test
    void isTheCurrentLoopAndHomeInsideRun() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(loop -> {
                log.add(EventLoop.current());
                log.add(Home.current());
            });
            assertThat(log).containsExactly(fake.loop(), fake.loop());
        }
    }

    @Test
    void saysWhenThereIsNoEndToTheWork() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.loop().post(() -> again(fake));
            assertThatThrownBy(fake::settle).isInstanceOf(IllegalStateException.class).hasMessageContaining("rest");
        }
    }

    private static void again(FakeLoop fake) {
        fake.loop().after(Duration.ZERO, () -> again(fake));
    }

    @Test
    void failsAtCloseWhenNobodyHandledAProblem() {
        FakeLoop fake = FakeLoop.create();
        fake.loop().execute(() -> {
            throw new IllegalArgumentException("lost");
        });
        fake.settle();
        assertThatThrownBy(fake::close).isInstanceOf(AssertionError.class).hasRootCauseMessage("lost");
    }

    @Test
    void handsOverTheProblemsThatATestExpects() {
        try (FakeLoop fake = FakeLoop.create()) {
            var problem = new IllegalArgumentException("expected");
            fake.loop().report(problem, dev.thrum.scope.Scope.root());
            assertThat(fake.takeProblems()).containsExactly(problem);
        }
    }

    @Test
    void comesToRestWhenTheLoopExits() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(EventLoop::exit);
            fake.advance(Duration.ofSeconds(1));
            assertThat(fake.elapsed()).isEqualTo(Duration.ofSeconds(1));
        }
    }
}
