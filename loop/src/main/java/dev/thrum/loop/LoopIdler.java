package dev.thrum.loop;

import java.util.function.Consumer;

/// Runs the steps of a chore.
///
/// Loop thread only.
final class LoopIdler extends LoopHandle implements Idler {
    private final Runnable step;
    private final long budget; // nanoseconds; 0 means one step

    LoopIdler(SelectorLoop loop, long budget, Runnable step) {
        super(loop, loop.capture());
        this.step = step;
        this.budget = budget;
    }

    /// One step, and more while there is time and nobody waits for it. If time stands still, it is used up.
    void run() {
        if (!isCounted()) {
            return;
        }
        loop.turns().runs(this);
        call(step);
        if (budget > 0) {
            long end = loop.nanoTime() + budget;
            long last = end - budget - 1;
            for (long now = end - budget; isCounted() && now > last && now < end; now = loop.nanoTime()) {
                if (loop.turns().isAwaited(now)) {
                    return;
                }
                last = now;
                call(step);
            }
        }
    }

    @Override
    public Idler onError(Consumer<? super Throwable> handler) {
        handleErrors(handler);
        return this;
    }

    @Override
    public void close() {
        loop.check();
        loop.handles().remove(this);
        loop.turns().idlers.remove(this);
    }

    @Override
    void end() {
        close();
    }

    @Override
    public String toString() {
        return "idler of " + step.getClass().getName();
    }
}
