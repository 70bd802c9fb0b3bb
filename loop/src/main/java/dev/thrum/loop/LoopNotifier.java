package dev.thrum.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/// A notifier; posted work of its loop, in person.
final class LoopNotifier extends LoopHandle implements Notifier, Runnable {
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
    private volatile int state; // see above
    private boolean repeating; // loop thread only

    LoopNotifier(SelectorLoop loop, Runnable action) {
        super(loop, loop.capture());
        this.action = action;
    }

    @Override
    public boolean trigger() {
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
    public void run() {
        int next = repeating ? IDLE : RUNNING;
        int seen = (int) STATE.compareAndExchange(this, PENDING, next);
        VarHandle.fullFence();
        if (seen == PENDING && repeating) {
            call(action);
        } else if (seen == PENDING || seen == DRAINING) {
            call(action);
            forget();
        }
    }

    private void forget() {
        state = FREED;
        loop.handles().remove(this);
    }

    @Override
    public Notifier repeating() {
        loop.check();
        if (isFreed() || state == RUNNING) {
            throw freed();
        }
        repeating = true;
        return this;
    }

    @Override
    public Notifier onError(Consumer<? super Throwable> handler) {
        handleErrors(handler);
        return this;
    }

    @Override
    public void free() {
        loop.check();
        if (isFreed()) {
            throw freed();
        }
        close();
    }

    @Override
    public boolean isOpen() {
        return super.isOpen() && !isFreed();
    }

    @Override
    public boolean isFreed() {
        int seen = state;
        return seen == FREED || seen == DRAINING;
    }

    @Override
    public void close() {
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
    void end() {
        int seen = (int) STATE.getAndSet(this, FREED);
        loop.handles().remove(this);
        if (seen == PENDING || seen == DRAINING) {
            call(action);
        }
    }

    private static IllegalStateException freed() {
        return new IllegalStateException("the notifier is freed already");
    }

    @Override
    public String toString() {
        return "notifier of " + action.getClass().getName();
    }
}
