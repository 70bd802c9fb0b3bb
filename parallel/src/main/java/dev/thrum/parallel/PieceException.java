package dev.thrum.parallel;

import dev.thrum.kernel.TaskKilledException;
import java.util.concurrent.CancellationException;

/// Tells that a function failed for one element. The cause is what it threw. An [Error], a cancellation and a kill are
/// thrown as they are, without this around them.
public final class PieceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Its index.
    private final long index;

    private PieceException(long index, Throwable cause) {
        super("failed at element " + index + ": " + cause, cause);
        this.index = index;
    }

    /// {@return what to throw for `problem` at an element}
    static RuntimeException at(long index, Throwable problem) {
        if (problem instanceof Error error) {
            throw error;
        }
        if (problem instanceof TaskKilledException || problem instanceof CancellationException) {
            return (RuntimeException) problem;
        }
        return new PieceException(index, problem);
    }

    /// {@return which element it was, from 0, in the order of the source}
    public long index() {
        return index;
    }

    /// {@return what the function threw, which is what a promise is rejected with; the index goes along as suppressed}
    Exception original() {
        if (getCause() instanceof Exception original) {
            original.addSuppressed(new IllegalStateException("at element " + index));
            return original;
        }
        return this;
    }
}
