package dev.thrum.kernel;

import org.jspecify.annotations.Nullable;

/// Tells that a kernel could not be started, or could not keep up its workers: the context did not run the worker it was
/// given, or threw, or a binding could not be made. Lisp's `kernel-creation-error`.
public final class KernelCreationException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    KernelCreationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
