package dev.thrum.kernel;

import org.jspecify.annotations.Nullable;

/// Tells the receiver of a result that the task failed. The cause is what the task threw, with the worker's stack; this
/// exception's own stack is the receiver's. Inside a promise there is no such wrapper: the reason is the original.
public sealed class TaskException extends RuntimeException permits TaskKilledException {
    private static final long serialVersionUID = 1;

    TaskException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// {@return what a receiver throws for a task that ended with `reason`}
    static TaskException received(Throwable reason) {
        return reason instanceof TaskKilledException
                ? new TaskKilledException(reason.getMessage(), reason)
                : new TaskException("the task failed: " + reason, reason);
    }

    /// {@return what the sender of a broadcast throws for the part of one worker}
    static TaskException inWorker(int index, Throwable reason) {
        String message = "the broadcast failed in worker " + index + ": " + reason;
        return reason instanceof TaskKilledException
                ? new TaskKilledException(message, reason)
                : new TaskException(message, reason);
    }
}
