package dev.thrum.promise;

import org.jspecify.annotations.Nullable;

/// What a settled node holds: a value, [#NIL] for null, or a [Failure].
final class Outcome {
    static final Object NIL = new Object();

    private Outcome() {}

    /// Why a promise was rejected. Each node has its own, since each is handled or not.
    static final class Failure {
        final Throwable reason;
        volatile boolean handled;

        Failure(Throwable reason) {
            this.reason = reason;
        }
    }

    static Object boxed(@Nullable Object value) {
        return value == null ? NIL : value;
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // a result belongs to a node of its type, and NIL to one that allows null
    static <V extends @Nullable Object> V value(Object result) {
        return (V) (result == NIL ? null : result);
    }

    /// {@return `result` for another node: failures are handled one by one}
    static Object handedOn(Object result) {
        if (result instanceof Failure failure) {
            failure.handled = true;
            return new Failure(failure.reason);
        }
        return result;
    }
}
