package dev.thrum.loop;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import org.jspecify.annotations.Nullable;

/// A timer that any thread may start and stop, and that keeps no loop alive: what [EventLoop#schedule] makes.
final class Alarm implements Registration {
    private final SelectorLoop loop;
    private final long due;
    private final Runnable action;
    private volatile boolean closed; // by any thread
    private @Nullable LoopTimer timer; // loop thread only

    private Alarm(SelectorLoop loop, long due, Runnable action) {
        this.loop = loop;
        this.due = due;
        this.action = action;
    }

    static Registration start(SelectorLoop loop, long due, Runnable action) {
        var alarm = new Alarm(loop, due, action);
        Scope scope = loop.capture();
        if (loop.isHere()) {
            alarm.arm(scope);
        } else {
            loop.post(() -> alarm.arm(scope));
        }
        return alarm;
    }

    private void arm(Scope scope) {
        if (!closed && loop.turns().isOpen()) {
            timer = new LoopTimer(loop, scope, this::fire);
            timer.unref();
            loop.timers().startAt(timer, due);
        }
    }

    private void fire() {
        if (!closed) {
            action.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (loop.isHere()) {
            disarm();
        } else {
            loop.post(this::disarm);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }
}
