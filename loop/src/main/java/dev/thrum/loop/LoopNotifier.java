package dev.thrum.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/// A notifier; posted work of its loop, in person.
sealed class LoopNotifier extends LoopHandle implements Notifier, Runnable permits TimedEvent, SignalNotifier {
    /*
     * One word tells everything that other threads may know:
     *
     *   IDLE ──trigger──▶ PENDING ──run──▶ IDLE (repeating), or RUNNING ──▶ FREED (single-shot)
     *                        └──free──▶ DRAINING ──run──▶ FREED
     *
     * Whoever moves it from IDLE to PENDING posts it; every other trigger only reads PENDING. That read must not be
     * overtaken by the writes the caller made before it, or the callback might miss them while the caller is told that it
     * will not: hence the full fence, which pairs with the one in run(). It costs half of a compare-and-set, and does
     * not take the cache line away from the others.
     *
     * When the loop ends, a posted notifier may be dropped with the rest of the posted work. So the end of the loop runs
     * the callback of each notifier that is still PENDING: whoever was told true is right.
     */
    private static final int IDLE = 0;
    private static final int PENDING = 1; // posted, or about to be
    private static final int DRAINING = 2; // freed, but a callback is owed
    private static final int RUNNING = 3; // the one callback of a single-shot notifier
    private static final int FREED = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(LoopNotifier.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable action;
    private final String kind;
    private volatile int state; // see above
    private boolean repeating; // loop thread only

    LoopNotifier(SelectorLoop loop, Runnable action, String kind) {
        super(loop, loop.capture());
        this.action = action;
        this.kind = kind;
    }

    /// The end of this notifier, or its one callback, has come.
    void stop() {}

    @Override
    public final boolean trigger() {
        VarHandle.fullFence();
        int seen = state;
        if (seen == IDLE) {
            seen = (int) STATE.compareAndExchange(this, IDLE, PENDING);
            if (seen == IDLE) {
                loop.post(this); // if the loop has ended, its end sees PENDING, or did not let us get here
                return true;
            }
        }
        return seen == PENDING;
    }

    /// The posted work.
    @Override
    public final void run() {
        int next = repeating ? IDLE : RUNNING;
        int seen = (int) STATE.compareAndExchange(this, PENDING, next);
        VarHandle.fullFence();
        if (seen == PENDING && repeating) {
            call(action);
        } else if (seen == PENDING || seen == DRAINING) {
            stop();
            call(action);
            forget();
        }
    }

    private void forget() {
        state = FREED;
        stop();
        loop.handles().remove(this);
    }

    @Override
    public final Notifier repeating() {
        loop.check();
        if (mayChange()) {
            repeating = true;
        }
        return this;
    }

    /// {@return whether this waits; false if its scope has ended it, which its user need not know}
    /// @throws IllegalStateException if it is freed by anybody else, or its one callback runs
    final boolean mayChange() {
        int seen = state;
        if (seen == IDLE || seen == PENDING) {
            return true;
        }
        if (seen != RUNNING && scope().cancelled()) {
            return false;
        }
        throw freed();
    }

    @Override
    public Notifier onError(Consumer<? super Throwable> handler) {
        handleErrors(handler);
        return this;
    }

    @Override
    public final void free() {
        loop.check();
        if (!isFreed()) {
            close();
        } else if (!scope().cancelled()) {
            throw freed();
        }
    }

    @Override
    public final boolean isOpen() {
        return super.isOpen() && !isFreed();
    }

    @Override
    public final boolean isFreed() {
        int seen = state;
        return seen == FREED || seen == DRAINING;
    }

    @Override
    public final void close() {
        loop.check();
        if (isFreed()) {
            return;
        }
        if ((int) STATE.compareAndExchange(this, PENDING, DRAINING) == PENDING) {
            return; // run() or end() forgets it
        }
        if ((int) STATE.compareAndExchange(this, IDLE, FREED) == PENDING) {
            close();
        } else {
            forget();
        }
    }

    /// What was promised is kept.
    @Override
    final void end() {
        int seen = (int) STATE.getAndSet(this, FREED);
        stop();
        loop.handles().remove(this);
        if (seen == PENDING || seen == DRAINING) {
            call(action);
        }
    }

    private IllegalStateException freed() {
        return new IllegalStateException("the " + (this instanceof LoopEvent ? "event" : "notifier") + " is freed already");
    }

    @Override
    public String toString() {
        return kind + " of " + action.getClass().getName();
    }
}
