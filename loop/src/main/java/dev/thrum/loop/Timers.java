package dev.thrum.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The timers of a loop by its clock: turns nanoseconds into ticks of the wheel, and runs what is due.
///
/// Loop thread only, but for [#nanoTime].
final class Timers {
    static final long FOREVER = Long.MAX_VALUE / 4; // 73 years; leaves room to add

    private static final long TICK = 1_000_000; // nanoseconds

    private final TimerWheel wheel = new TimerWheel();
    private final LongSupplier clock;
    private final long origin;

    Timers(LongSupplier clock) {
        this.clock = clock;
        this.origin = clock.getAsLong();
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /// Starts a timer that is due `delay` nanoseconds after `time`, never early; without delay at the next chance.
    void start(LoopTimer timer, long time, long delay) {
        long elapsed = time - origin;
        long tick = delay <= 0 ? elapsed / TICK : Math.ceilDiv(elapsed + delay, TICK);
        if (wheel.size() == 0) {
            wheel.collect(elapsed / TICK);
        }
        wheel.add(timer, tick);
        timer.setCounted(true);
    }

    void startAt(LoopTimer timer, long due) {
        long time = nanoTime();
        start(timer, time, due - time);
    }

    void stop(LoopTimer timer) {
        wheel.remove(timer);
        timer.setCounted(false);
    }

    /// Runs what is due, and nothing that is made meanwhile.
    /// @return whether anything was
    boolean runDue() {
        if (wheel.size() == 0) {
            return false;
        }
        wheel.collect((nanoTime() - origin) / TICK);
        boolean any = false;
        for (LoopTimer timer = wheel.take(); timer != null; timer = wheel.take()) {
            any = true;
            timer.fire();
        }
        return any;
    }

    boolean isEmpty() {
        return wheel.size() == 0;
    }

    int size() {
        return wheel.size();
    }

    /// {@return the time by which [#runDue] is to be called; only if there are timers}
    long nextDue() {
        return origin + wheel.next() * TICK;
    }

    List<LoopTimer> toList() {
        var list = new ArrayList<LoopTimer>();
        wheel.forEach(list::add);
        return list;
    }

    void stopAll() {
        toList().forEach(LoopTimer::end);
    }
}
