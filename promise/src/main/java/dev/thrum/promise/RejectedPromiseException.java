package dev.thrum.promise;

/// Tells a thread that waited for a promise that it was rejected. The reason is the cause; the stack is the waiter's.
public final class RejectedPromiseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Wraps the reason of a rejection.
    /// @param reason the reason
    public RejectedPromiseException(Throwable reason) {
        super(reason);
    }
}
