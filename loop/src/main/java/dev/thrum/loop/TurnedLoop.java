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
        loop.turns().start(Thread.currentThread());
        return loop;
    }

    @Override
    public boolean turn() {
        checkBetweenTurns();
        checkOpen();
        var any = new boolean[1];
        turning = true;
        turns().pulse.beat();
        try {
            asCurrent(() -> any[0] = turns().turn(false));
        } finally {
            turns().pulse.rest();
            turning = false;
        }
        if (turns().life.isExiting()) {
            close();
        }
        return any[0];
    }

    @Override
    public void runHere(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        boolean rested = turns().pulse.rests();
        turns().pulse.beat();
        try {
            turns().runs("what its owner runs here");
            asCurrent(() -> turns().runGuarded(action));
        } finally {
            if (rested) {
                turns().pulse.rest();
            }
        }
    }

    @Override
    public OptionalLong nextDue() {
        check();
        if (turns().hasWork()) {
            return OptionalLong.of(nanoTime());
        }
        return timers().isEmpty() ? OptionalLong.empty() : OptionalLong.of(timers().nextDue());
    }

    @Override
    public int pending() {
        check();
        return turns().pending();
    }

    @Override
    public boolean isAlive() {
        check();
        return turns().isAlive();
    }

    @Override
    public boolean isEnded() {
        check();
        return !turns().isOpen();
    }

    @Override
    public void close() {
        checkBetweenTurns();
        if (turns().isOpen()) {
            exit();
            asCurrent(turns()::finish);
        }
    }

    private void checkBetweenTurns() {
        check();
        if (turning) {
            throw new IllegalStateException("loop '" + name() + "' is being turned already");
        }
    }
}
