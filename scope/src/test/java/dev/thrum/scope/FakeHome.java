package dev.thrum.scope;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/// A home whose time and turns are the test's. Confined to the test's thread.
final class FakeHome implements Home {
    final List<Throwable> reports = new ArrayList<>();
    final List<Scope> entered = new ArrayList<>();

    private final Queue<Timer> timers = new PriorityQueue<>((a, b) -> Long.compare(a.due, b.due));
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private long now;
    private boolean ended;

    private record Timer(long due, Runnable action) {}

    int armed() {
        return timers.size();
    }

    void end() {
        ended = true;
    }

    void turn() {
        for (Runnable action = posted.poll(); action != null; action = posted.poll()) {
            action.run();
        }
    }

    void pass(Duration time) {
        now += time.toNanos();
        for (Timer timer = timers.peek(); timer != null && timer.due <= now; timer = timers.peek()) {
            timers.remove();
            timer.action.run();
        }
    }

    /// Lets time pass without running what is due, as when a turn takes long.
    void beLate(Duration time) {
        now += time.toNanos();
    }

    @Override
    public boolean isHere() {
        return true;
    }

    @Override
    public boolean post(Runnable action) {
        return !ended && posted.add(action);
    }

    @Override
    public Registration hold() {
        return Registration.none();
    }

    @Override
    public Registration schedule(Duration delay, Runnable action) {
        if (ended) {
            throw new IllegalStateException("ended");
        }
        Scope scope = Scope.current();
        Timer timer = new Timer(now + delay.toNanos(), () -> scope.run(action));
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void report(Throwable problem, Scope scope) {
        reports.add(problem);
    }

    @Override
    public void entered(Scope scope) {
        entered.add(scope);
    }
}
