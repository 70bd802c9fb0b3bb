package dev.thrum.kernel;

import dev.thrum.scope.Registration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One computation that is cut into pieces, from its call to its end.
final class Crew {
    /*
     * The root piece runs on the caller's thread; a piece that a worker has taken runs there as a job of its own, under
     * the terms of the call, so that a kill finds it. The call returns when all those jobs have ended.
     *
     * A stop says why, and is seen at every checkpoint. A failure of the computation's own is a stop, and no more. When
     * the scope of the caller is cancelled, or the task that called is killed, the jobs are ended as well: one that never
     * comes to a checkpoint must not hold up its kernel.
     *
     * A job is put into `lent` before its worker looks for a stop; a canceller stops before it looks into `lent`.
     */
    private final Team team;
    private final Terms terms;
    private final @Nullable Crew outer;
    private final Thread caller = Thread.currentThread();
    private final Set<PieceJob> lent = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> stopped = new AtomicReference<>();
    private volatile @Nullable Throwable cancelled;

    Crew(Team team, Terms terms, @Nullable Crew outer) {
        this.team = team;
        this.terms = terms;
        this.outer = outer;
    }

    Terms terms() {
        return terms;
    }

    boolean isStopped() {
        for (Crew each = this; each != null; each = each.outer) {
            if (each.stopped.get() != null) {
                return true;
            }
        }
        return false;
    }

    void checkStopped() {
        for (Crew each = this; each != null; each = each.outer) {
            Throwable why = each.stopped.get();
            if (why != null) {
                throw Piece.unchecked(why);
            }
        }
    }

    void stop(Throwable reason) {
        if (stopped.compareAndSet(null, reason)) {
            team.slots().clear(this);
        }
    }

    private void cancel(Throwable reason) {
        stop(reason);
        cancelled = reason;
        lent.forEach(job -> team.kills().cancel(job, reason));
    }

    boolean isWithin(Crew other) {
        Crew each = this;
        while (each != null && each != other) {
            each = each.outer;
        }
        return each != null;
    }

    /// Runs the root here, and returns when no part of it runs anywhere.
    void run(Piece root, Hands hands) {
        try (Registration _ = terms.sender.onCancel(this::cancel);
                Registration _ = onKill()) {
            if (hands.work(root) instanceof Job.Failure(Throwable reason)) {
                stop(reason);
            }
            awaitLent();
        }
        Throwable why = stopped.get();
        if (why != null) {
            throw Piece.unchecked(why);
        }
    }

    private Registration onKill() {
        Worker worker = Worker.current();
        if (worker == null) {
            return Registration.none();
        }
        Registration registration = worker.family().onCancel(this::cancel);
        if (worker.isCondemned()) { // by somebody who came before there was a family
            cancel(new TaskKilledException("the task was killed", null));
        }
        return registration;
    }

    private void awaitLent() {
        boolean interrupted = false;
        while (!lent.isEmpty()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            Worker worker = Worker.current();
            if (worker != null && worker.isCondemned()) {
                cancel(new TaskKilledException("the task was killed", null)); // its killer may still be on the way here
                return; // nobody waits for a zombie
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
    }

    /// Lends a piece to the calling worker.
    PieceJob lend(Piece piece) {
        PieceJob job = new PieceJob(terms, piece);
        lent.add(job);
        Throwable reason = cancelled;
        if (reason != null) {
            team.kills().cancel(job, reason);
        }
        return job;
    }

    void returned(PieceJob job) {
        lent.remove(job);
        LockSupport.unpark(caller);
    }
}
