package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private final TimerWheel wheel = new TimerWheel();
    private final ManualLoop loop = EventLoop.manual(() -> 0);

    @AfterEach
    void closeTheLoop() {
        loop.close();
    }

    private LoopTimer timer() {
        var body = (SelectorLoop) loop;
        return new LoopTimer(body, body.scope(), () -> {});
    }

    private LoopTimer add(long tick) {
        LoopTimer timer = timer();
        wheel.add(timer, tick);
        return timer;
    }

    private List<LoopTimer> ready() {
        var list = new ArrayList<LoopTimer>();
        for (LoopTimer timer = wheel.take(); timer != null; timer = wheel.take()) {
            list.add(timer);
        }
        return list;
    }

    @Test
    void givesOutWhatIsDueAndNothingElse() {
        LoopTimer early = add(5);
        LoopTimer late = add(6);
        wheel.collect(5);
        assertThat(ready()).containsExactly(early);
        wheel.collect(6);
        assertThat(ready()).containsExactly(late);
    }

    @Test
    @Tag("L-20")
    void keepsTheOrderOfCreationWithinATick() {
        LoopTimer first = add(300);
        wheel.collect(100);
        LoopTimer second = add(300);
        wheel.collect(290);
        LoopTimer third = add(300);
        wheel.collect(300);
        assertThat(ready()).containsExactly(first, second, third);
    }

    @Test
    void keepsTheOrderOfTicksOverEveryLevel() {
        long[] ticks = {1, 255, 256, 65_535, 65_536, 1 << 24, (1L << 32) - 1, 1L << 32, (1L << 33) + 7, 1L << 40};
        List<LoopTimer> timers = new ArrayList<>();
        for (int i = ticks.length - 1; i >= 0; i--) {
            timers.addFirst(add(ticks[i]));
        }
        wheel.collect(1L << 41);
        assertThat(ready()).containsExactlyElementsOf(timers);
    }

    @Test
    void tellsWhenToLookAtTheLatest() {
        assertThat(wheel.next()).isEqualTo(Long.MAX_VALUE);
        add(70_000);
        assertThat(wheel.next()).isBetween(1L, 70_000L);
        add(3);
        assertThat(wheel.next()).isEqualTo(3);
    }

    @Test
    void reachesAFarTickInAFewLooks() {
        LoopTimer far = add((1L << 35) + 12_345);
        int looks = 0;
        for (; wheel.next() != Long.MAX_VALUE && looks < 100; looks++) {
            wheel.collect(wheel.next());
            if (ready().contains(far)) {
                break;
            }
        }
        assertThat(looks).isLessThan(20);
    }

    @Test
    void givesOutATimerThatIsLateAlreadyNextTime() {
        wheel.collect(10);
        LoopTimer late = add(4);
        assertThat(wheel.take()).isNull();
        assertThat(wheel.next()).isEqualTo(10);
        wheel.collect(10);
        assertThat(ready()).containsExactly(late);
    }

    @Test
    void forgetsWhatIsRemovedFromEveryPlace() {
        LoopTimer collected = add(2);
        List<LoopTimer> removed = List.of(add(1), collected, add(300), add(70_000), add(1L << 30), add(1L << 40));
        wheel.collect(2);
        removed.forEach(wheel::remove);
        assertThat(wheel.size()).isZero();
        assertThat(wheel.take()).isNull();
        assertThat(wheel.next()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void agreesWithASortedListOnRandomTimers() {
        var random = new Random(42);
        List<LoopTimer> expected = new ArrayList<>();
        List<LoopTimer> fired = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            int shift = random.nextInt(36);
            LoopTimer timer = add(now + 1 + (random.nextLong() >>> (63 - shift)));
            if (random.nextInt(4) == 0) {
                wheel.remove(timer);
            } else {
                expected.add(timer);
            }
            if (random.nextInt(8) == 0) {
                now += random.nextLong() >>> (63 - random.nextInt(30));
                wheel.collect(now);
                fired.addAll(ready());
            }
        }
        wheel.collect(Long.MAX_VALUE >>> 1);
        fired.addAll(ready());
        assertThat(fired).isSortedAccordingTo(Comparator.comparingLong(timer -> timer.tick));
        expected.sort(Comparator.comparingLong(timer -> timer.tick)); // stable: creation order within a tick
        assertThat(fired).containsExactlyElementsOf(expected);
    }
}
