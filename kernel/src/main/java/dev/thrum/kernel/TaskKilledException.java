package dev.thrum.kernel;

import org.jspecify.annotations.Nullable;

/// Tells that the task was killed and has no result. Lisp's `task-killed-error`.
///
/// Thrown by a receive, its cause is the exception with the stack of whoever killed the task. As the reason of a promise
/// it is that exception itself. Inside a killed task, [Task#checkpoint] throws it.
public final class TaskKilledException extends TaskException {
    private static final long serialVersionUID = 1;

    TaskKilledException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
