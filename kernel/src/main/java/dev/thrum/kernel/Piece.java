package dev.thrum.kernel;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A part of a computation that another thread may take over while its maker goes on: what a fork is made of.
///
/// A subclass computes something in [#run] and keeps it in a field; whoever comes back from [Hands#join] may read it.
/// The room `parallel` has forks and algorithms made of pieces; most programs want those.
///
/// **Threads.** Made, offered and joined by one thread; [#run] by that or another one.
/// **Ordering.** What happened before [Hands#offer] *happens-before* the run, and the run *happens-before* the return of
/// [Hands#join].
public abstract class Piece {
    /*
     * A piece lies in the slot of the thread that offered it, until somebody swings the slot back to null and so owns
     * it; there is no other claim. The fields below `outcome` are written before it is offered.
     */
    private static final Object DONE = new Object();

    private @Nullable Piece parent; // what its maker was running
    private @Nullable Crew crew;
    private int depth;
    private boolean kept; // its maker's thread only: there was no room for it in the slot, so nobody can have it
    private boolean shared; // before it lies in a slot: only parts of it are taken
    private volatile @Nullable Object outcome; // DONE, or a Failure
    private volatile @Nullable Thread waiter; // who wants to be woken by the outcome

    /// For subclasses.
    protected Piece() {}

    /// Does the work, once. What it throws is thrown again by the [Hands#join] of the piece.
    /// @param hands those of the thread that runs it, for pieces of this one
    protected abstract void run(Hands hands);

    /// Gives away a part of what this piece, which is running and [Hands#share]d, has still to do. Called by other threads,
    /// several at once; whoever runs this piece must join the parts.
    /// @return a new piece, which the caller runs at once; null if there is nothing left to give
    protected @Nullable Piece split() {
        return null;
    }

    // ---- the thread that makes it

    void belong(@Nullable Piece parent, Crew crew) {
        if (this.crew != null) {
            throw new IllegalStateException("a piece can be offered once: " + this);
        }
        this.parent = parent;
        this.crew = crew;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    boolean belongs() {
        return crew != null;
    }

    void keep() {
        kept = true;
    }

    void shared() {
        shared = true;
    }

    boolean isShared() {
        return shared;
    }

    /// {@return a part of this piece for the caller to run, or null}
    @Nullable Piece part() {
        Piece part = split();
        if (part != null) {
            part.belong(this, crew());
        }
        return part;
    }

    boolean isKept() {
        return kept;
    }

    Crew crew() {
        Crew mine = crew;
        if (mine == null) {
            throw new IllegalStateException("the piece was not offered: " + this);
        }
        return mine;
    }

    // ---- the thread that runs it

    /// Runs it. The caller hands the outcome to [#finish].
    Object work(Hands hands) {
        try {
            run(hands);
            return DONE;
        } catch (Throwable problem) {
            return new Job.Failure(problem);
        }
    }

    void finish(Object result) {
        outcome = result;
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    // ---- the thread that joins it

    boolean isDone() {
        return outcome != null;
    }

    void awaitWith(Thread thread, long nanos) {
        waiter = thread;
        if (outcome == null) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    /// Throws what its run threw.
    void check() {
        if (outcome instanceof Job.Failure(Throwable reason)) {
            throw unchecked(reason);
        }
    }

    /// {@return whether it was made, directly or not, by the run of `other`, or is it}
    boolean isWithin(Piece other) {
        Piece each = this;
        while (each != null && each.depth > other.depth) {
            each = each.parent;
        }
        return each == other;
    }

    /// {@return a reason in the form in which it is thrown}
    static RuntimeException unchecked(Throwable reason) {
        if (reason instanceof Error error) {
            throw error;
        }
        if (reason instanceof RuntimeException exception) {
            return exception;
        }
        CancellationException cancelled = new CancellationException("the computation was cancelled: " + reason);
        cancelled.initCause(reason);
        return cancelled;
    }
}
