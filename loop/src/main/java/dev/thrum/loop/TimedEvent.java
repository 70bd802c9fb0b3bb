package dev.thrum.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A notifier that a timer of its own may trigger, too.
final class TimedEvent extends LoopNotifier implements LoopEvent {
    private @Nullable LoopTimer timeout; // loop thread only

    TimedEvent(SelectorLoop loop, Runnable action) {
        super(loop, action, "event");
    }

    @Override
    public LoopEvent arm(Duration timeout) {
        long nanos = SelectorLoop.nanosFromNow(timeout, "timeout");
        loop.check();
        if (mayChange()) {
            stop();
            var timer = new LoopTimer(loop, loop.scope(), this::trigger);
            timer.unref(); // this holds the loop
            loop.timers().start(timer, loop.nanoTime(), nanos);
            this.timeout = timer;
        }
        return this;
    }

    @Override
    public LoopEvent disarm() {
        loop.check();
        if (mayChange()) {
            stop();
        }
        return this;
    }

    @Override
    public boolean isArmed() {
        loop.check();
        return timeout != null && timeout.isOpen();
    }

    @Override
    public boolean activate() {
        return trigger();
    }

    /// The callback, or the end, has come: the timer is of no use any more.
    @Override
    void stop() {
        if (timeout != null) {
            timeout.close();
            timeout = null;
        }
    }

    @Override
    public TimedEvent onError(Consumer<? super Throwable> handler) {
        handleErrors(handler);
        return this;
    }
}
