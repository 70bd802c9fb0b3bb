package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final List<Object> log = new ArrayList<>();
    private final Inbox inbox = new Inbox(() -> log.add("bell"));

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            assertThat(inbox.offer(() -> log.add(number))).isTrue();
        }
    }

    @Test
    void runsInOrderOverManySegments() {
        offer(5000);
        assertThat(inbox.size()).isEqualTo(5000);
        inbox.drain(10_000, Runnable::run);
        assertThat(log).hasSize(5000).isSortedAccordingTo((a, b) -> Integer.compare((int) a, (int) b));
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void runsNoMoreThanTheLimit() {
        offer(1000);
        assertThat(inbox.drain(700, Runnable::run)).isEqualTo(700);
        assertThat(log).hasSize(700);
        assertThat(inbox.size()).isEqualTo(300);
    }

    @Test
    void ringsOnceForEachSleep() {
        offer(1);
        inbox.drain(10, Runnable::run);
        log.clear();
        inbox.setAsleep(true);
        offer(3);
        assertThat(log).containsExactly("bell");
        inbox.setAsleep(true);
        inbox.ring();
        inbox.ring();
        assertThat(log).containsExactly("bell", "bell");
    }

    @Test
    void closesOnlyWhenItIsEmpty() {
        offer(1);
        assertThat(inbox.tryClose()).isFalse();
        inbox.drain(1, Runnable::run);
        assertThat(inbox.tryClose()).isTrue();
        assertThat(inbox.offer(() -> {})).isFalse();
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void closesAtTheEdgeOfASegment() {
        offer(512);
        inbox.drain(512, Runnable::run);
        assertThat(inbox.tryClose()).isTrue();
        assertThat(inbox.offer(() -> {})).isFalse();
    }

    @Test
    void dropsWhatIsInItWhenItIsClosedByForce() {
        offer(1300);
        inbox.close();
        inbox.drain(2000, Runnable::run);
        assertThat(log).isEmpty();
        assertThat(inbox.offer(() -> {})).isFalse();
    }
}
