package dev.thrum.kernel;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A piece that a worker has taken from another thread. Its failure is the affair of the computation, whose caller hears
/// of it, and of that caller's task handlers.
final class PieceJob extends Job implements Callable<Object> {
    private final Piece piece;

    PieceJob(Terms terms, Piece piece) {
        super(terms);
        this.piece = piece;
    }

    @Override
    Object body() {
        return this;
    }

    @Override
    public Object call() {
        Worker worker = (Worker) Thread.currentThread();
        return worker.hands().work(piece);
    }

    @Override
    void settle(@Nullable Object outcome) {
        if (outcome instanceof Failure(Throwable reason) && reason instanceof TaskKilledException) {
            piece.crew().stop(reason);
        }
        piece.finish(outcome == null ? this : outcome);
        piece.crew().returned(this);
    }
}
