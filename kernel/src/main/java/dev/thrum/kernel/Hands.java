package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// What a thread that takes part in a computation works with: a slot into which it lays a piece for others to take.
///
/// ```java
/// long fib(Hands hands, int n) {
///     if (n < 2) {
///         return n;
///     }
///     if (hands.areFree()) {                                       // nobody has work of ours lying ready
///         LongFork left = LongFork.start(hands, h -> fib(h, n - 1));
///         return fib(hands, n - 2) + left.join();
///     }
///     return fib(hands, n - 1) + fib(hands, n - 2);
/// }
/// ```
///
/// A computation asks at every level whether its slot is empty, which costs as much as reading a field, and makes a piece
/// only then. So it is cut as finely as there is somebody to take what is cut off, and no finer.
///
/// **Threads.** Those of one thread; passed along as an argument, never kept. [#join] waits.
/// **Failure.** When the computation is cancelled, stopped or killed, [#offer], [#join] and [#checkpoint] throw.
public final class Hands {
    /*
     * The owner lays a piece into `offer` and then looks whether somebody sleeps who could take it; who goes to sleep
     * looks at all slots once more after it counts as asleep. The first is volatile on both sides (see Sleepers), so one
     * of them sees the other.
     *
     * Whoever gets a piece out by compare-and-set owns it: a worker without work, the owner at its join, or a thread
     * that waits for a piece of which this one is a part. The last condition is what keeps waiting threads out of
     * trouble: what they run while they wait is work they wait for anyway, never a stranger that might want a lock which
     * they hold (decision 0100). Parents never change, so the look is no race.
     *
     * A shared piece stays in the slot while its owner works on it, and who comes takes a part. Who finds that nothing is
     * left takes the piece out, so that the slot is free for pieces of what the owner is doing now.
     *
     * A stop empties the slots of its crew. Then the owner's next areFree() is true, its offer finds the stop, and the
     * check that costs nothing is a check for cancellation too.
     */
    private static final VarHandle OFFER;
    private static final int SPINS = 200;
    private static final int YIELDS = 40;
    private static final long SHORTEST = 50_000; // nanoseconds in the first park of a join
    private static final long LONGEST = 1_000_000;

    static {
        try {
            OFFER = MethodHandles.lookup().findVarHandle(Hands.class, "offer", Piece.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Team team;
    private final Thread thread;
    @SuppressWarnings("UnusedVariable") // through the VarHandle
    private @Nullable Piece offer; // volatile writes, opaque reads by the owner, compare-and-set to null by any
    private @Nullable Piece current; // this thread only: what it runs

    Hands(Team team, Thread thread) {
        this.team = team;
        this.thread = thread;
    }

    /// {@return whether what is offered now can be taken: nothing lies in the slot}
    public boolean areFree() {
        return OFFER.getOpaque(this) == null;
    }

    /// Lays `piece` into the slot, if that is empty, and wakes a worker for it, if one sleeps. Whoever offers a piece
    /// must join it, later, in this thread.
    /// @param piece a new piece
    /// @return whether it lies there; if not, its [#join] will run it
    /// @throws IllegalStateException if the piece was offered before
    /// @throws WrongThreadException if these are another thread's hands
    /// @throws CancellationException if the computation was cancelled
    public boolean offer(Piece piece) {
        checkpoint();
        piece.belong(running(), running().crew());
        boolean laid = lay(piece);
        if (!laid) {
            piece.keep();
        }
        return laid;
    }

    /// Lays `piece`, which runs here, into the slot, if that is empty. Others then take parts of it by [Piece#split], one for
    /// each that has nothing to do, until there is nothing left, or until [#withdraw]. For loops: nobody has to ask
    /// whether hands are free.
    /// @param piece what this thread runs, or a new piece that it is about to run as a part of that
    /// @return whether it lies there
    /// @throws WrongThreadException if these are another thread's hands
    /// @throws CancellationException if the computation was cancelled
    public boolean share(Piece piece) {
        checkpoint();
        if (!piece.belongs()) {
            piece.belong(running(), running().crew());
        }
        piece.shared();
        return lay(piece);
    }

    /// Takes a shared piece out of the slot, if it lies there. A part that was split off before is still to be joined.
    /// @param piece what was shared
    /// @throws WrongThreadException if these are another thread's hands
    public void withdraw(Piece piece) {
        requireOwner();
        take(piece);
    }

    private boolean lay(Piece piece) {
        if (!OFFER.compareAndSet(this, null, piece)) {
            return false;
        }
        team.sleepers().submitted();
        if (piece.crew().isStopped()) {
            take(piece);
            checkpoint();
        }
        return true;
    }

    /// Returns when `piece` has run: runs it here if nobody has taken it, else helps with the pieces it is made of, spins
    /// shortly, yields, and sleeps.
    /// @param piece a piece offered here, or split off from one shared here; nobody ever runs any other, so that one is waited
    ///     for until the computation ends
    /// @throws WrongThreadException if these are another thread's hands
    /// @throws CancellationException if the computation was cancelled, or the thread interrupted, whose mark stays
    /// @throws RuntimeException what the piece threw
    public void join(Piece piece) {
        join(piece, piece);
    }

    /// Returns when `part` has run, as [#join(Piece)] does, but helps meanwhile with whatever is a part of `whole`. For a thread
    /// that needs all parts of what it runs, in whatever order, and holds no lock that one of them may want: else all
    /// threads may come to wait for parts that lie where none of them looks.
    /// @param part a piece split off from `whole`
    /// @param whole what this thread runs; or `part`
    /// @throws WrongThreadException if these are another thread's hands
    /// @throws CancellationException if the computation was cancelled, or the thread interrupted, whose mark stays
    /// @throws RuntimeException what the part threw
    public void join(Piece part, Piece whole) {
        requireOwner();
        if (part.isDone()) {
            part.check();
            return;
        }
        if (part.isKept() || take(part)) {
            perform(part);
        } else {
            await(part, whole);
        }
        part.check();
    }

    /// Stops here if the computation was cancelled, stopped or killed. For long loops; costs a nanosecond or two.
    /// @throws WrongThreadException if these are another thread's hands
    /// @throws CancellationException if it was cancelled
    /// @throws RuntimeException why it was stopped
    public void checkpoint() {
        requireOwner();
        Task.checkpoint();
        Piece mine = current;
        if (mine != null) {
            mine.crew().checkStopped();
        }
    }

    /// Stops the computation: its pieces that nobody has taken are dropped, the others end at their next checkpoint, and
    /// [Kernel#spread] throws `reason`. Only the first call counts.
    /// @param reason why
    public void stop(Throwable reason) {
        requireOwner();
        running().crew().stop(requireNonNull(reason, "reason"));
    }

    /// {@return the kernel whose workers may take what is offered}
    public Kernel kernel() {
        return team;
    }

    private Piece running() {
        return requireNonNull(current, "a computation must be running");
    }

    private void requireOwner() {
        if (Thread.currentThread() != thread) {
            throw new WrongThreadException("the hands of " + thread + " used in " + Thread.currentThread());
        }
    }

    // ---- the owner

    boolean isOf(Thread other) {
        return thread == other;
    }

    Thread thread() {
        return thread;
    }

    @Nullable Piece current() {
        return current;
    }

    /// Runs a piece that the caller owns, to its outcome.
    void perform(Piece piece) {
        piece.finish(work(piece));
    }

    /// {@return the outcome of a piece that the caller owns}
    Object work(Piece piece) {
        Piece outer = current;
        current = piece;
        try {
            return piece.work(this);
        } finally {
            takeBack(piece);
            current = outer;
        }
    }

    /// Takes back what was made by `piece` and not joined.
    private void takeBack(Piece piece) {
        Piece left = offered();
        if (left != null && left.isWithin(piece)) {
            take(left);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // whoever runs the piece may need this core
    private void await(Piece piece, Piece whole) {
        long nanos = SHORTEST;
        for (int looks = 0; !piece.isDone(); looks++) {
            checkpoint();
            Piece part = team.slots().takePartOf(whole);
            if (part != null) {
                part.crew().terms().scope.run(() -> perform(part));
                looks = 0;
            } else if (looks < SPINS) {
                Thread.onSpinWait();
            } else if (looks < SPINS + YIELDS) {
                Thread.yield();
            } else {
                piece.awaitWith(thread, nanos);
                nanos = Math.min(LONGEST, 2 * nanos);
                honourInterrupt();
            }
        }
    }

    /// A worker that is killed finds that at its checkpoint; who interrupts a thread that waits wants it to go on.
    private void honourInterrupt() {
        if (thread.isInterrupted()) {
            checkpoint();
            CancellationException interrupted = new CancellationException("interrupted while waiting for a piece");
            running().crew().stop(interrupted);
            throw interrupted;
        }
    }

    // ---- any thread

    @Nullable Piece offered() {
        return (Piece) OFFER.getVolatile(this);
    }

    /// {@return whether the caller owns the piece now}
    boolean take(Piece piece) {
        return OFFER.compareAndSet(this, piece, null);
    }
}
