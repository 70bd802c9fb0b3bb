package dev.thrum.loop;

import dev.thrum.scope.Scope;
import java.util.function.Consumer;

/// A node of the timer wheel: one shot, or an interval.
///
/// Loop thread only.
sealed class LoopTimer extends LoopHandle implements Timer {
    long tick; // when it is due; the wheel's
    short slot; // where it waits; the wheel's
    private final Runnable action;

    LoopTimer(SelectorLoop loop, Scope scope, Runnable action) {
        super(loop, scope);
        this.action = action;
    }

    /// A timer that is due again and again.
    static final class Interval extends LoopTimer {
        private final long period;
        private final Missed missed;
        private long due;

        Interval(SelectorLoop loop, Runnable action, long period, Missed missed) {
            super(loop, loop.capture(), action);
            this.period = period;
            this.missed = missed;
            this.due = loop.nanoTime() + period;
        }

        void start() {
            loop.timers().startAt(this, due);
        }

        /// Goes on even if the action failed.
        @Override
        void fire() {
            loop.turns().runs(this);
            call(action());
            if (isCounted()) {
                due = next(loop.nanoTime());
                loop.timers().startAt(this, due);
            }
        }

        private long next(long now) {
            return switch (missed) {
                case SKIP -> due + ((now - due) / period + 1) * period;
                case CATCH_UP -> due + period;
                case DELAY -> now + period;
            };
        }
    }

    final Runnable action() {
        return action;
    }

    /// Runs the action of a timer that the wheel has let go.
    void fire() {
        setCounted(false);
        loop.turns().runs(this);
        call(action);
    }

    @Override
    final void end() {
        loop.timers().stop(this);
    }

    @Override
    public final Timer onError(Consumer<? super Throwable> handler) {
        handleErrors(handler);
        return this;
    }

    @Override
    public final void close() {
        loop.check();
        if (isCounted()) {
            loop.timers().stop(this);
        }
    }

    @Override
    public String toString() {
        return "timer of " + action.getClass().getName();
    }
}
