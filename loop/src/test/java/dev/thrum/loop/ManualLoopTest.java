package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualLoopTest {
    private final long[] now = {0};
    private final List<String> log = new ArrayList<>();

    @Test
    void runsATimerOnceItsTimeHasCome() {
        try (ManualLoop loop = EventLoop.manual(() -> now[0])) {
            loop.after(Duration.ofHours(1), () -> log.add("an hour"));
            now[0] += Duration.ofHours(1).toNanos() - 1;
            assertThat(loop.turn()).isFalse();
            now[0]++;
            assertThat(loop.turn()).isTrue();
        }
        assertThat(log).containsExactly("an hour");
    }

    @Test
    void runsALoopOnThisThread() {
        EventLoop.run(loop -> {
            loop.after(Duration.ofMillis(5), () -> log.add("timer"));
            Notifier done = loop.notifier(() -> log.add("notified"));
            Thread.ofPlatform().start(done::trigger);
        });
        assertThat(log).containsExactlyInAnyOrder("timer", "notified");
    }
}
