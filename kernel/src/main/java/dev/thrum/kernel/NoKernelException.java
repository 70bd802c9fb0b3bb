package dev.thrum.kernel;

/// Tells that code asked for the current kernel where there is none. Lisp's `no-kernel-error`.
public final class NoKernelException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NoKernelException() {
        super("there is no current kernel here: start one and make it the default,"
                + " Kernel.start(4).makeDefault(), or run this code under one, kernel.during(() -> ...)");
    }
}
