package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// A loop whose turns are its caller's.
final class TurnedLoop extends SelectorLoop implements ManualLoop {
    private boolean turning; // owner's thread only

    private TurnedLoop(LoopConfig config, LongSupplier clock) {
        super(config, clock);
    }

    static TurnedLoop create(LoopConfig config, LongSupplier clock) {
        var loop = new TurnedLoop(config, clock);
        loop.bindTo(Thread.currentThread());
        return loop;
    }

    @Override
    public boolean turn() {
        checkBetweenTurns();
        checkOpen();
        var any = new boolean[1];
        turning = true;
        try {
            asCurrent(() -> any[0] = turn(false));
        } finally {
            turning = false;
        }
        if (life().isExiting()) {
            close();
        }
        return any[0];
    }

    @Override
    public void runHere(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        asCurrent(() -> runGuarded(action));
    }

    @Override
    public OptionalLong nextDue() {
        check();
        if (hasWork()) {
            return OptionalLong.of(nanoTime());
        }
        return timers().isEmpty() ? OptionalLong.empty() : OptionalLong.of(timers().nextDue());
    }

    @Override
    public int pending() {
        check();
        return timers().size() + posted();
    }

    @Override
    public boolean isEnded() {
        check();
        return !isOpen();
    }

    @Override
    public void close() {
        checkBetweenTurns();
        if (isOpen()) {
            exit();
            asCurrent(this::finish);
        }
    }

    private void checkBetweenTurns() {
        check();
        if (turning) {
            throw new IllegalStateException("loop '" + name() + "' is being turned already");
        }
    }
}
