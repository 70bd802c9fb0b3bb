package dev.thrum.promise;

import org.jspecify.annotations.Nullable;

/// What a settled node holds: a value, [#NIL] for null, or a [Failure].
final class Outcome {
    static final Object NIL = new Object();

    private Outcome() {}

    /// Why a promise was rejected. Each node has its own, since each is handled or not; they tell of it only once.
    static final class Failure {
        final Throwable reason;
        volatile boolean handled;
        private final Failure first; // the one it began with
        private final @Nullable String names; // of the promises it went through
        private boolean told; // of the first; guarded by it

        Failure(Throwable reason) {
            this.reason = reason;
            this.first = this;
            this.names = null;
        }

        private Failure(Failure before, @Nullable String names) {
            this.reason = before.reason;
            this.first = before.first;
            this.names = names;
        }

        /// {@return this failure for a promise called `name`}
        Failure named(String name) {
            return new Failure(this, names == null ? name : name + "' < '" + names);
        }

        /// {@return the names it has got, or null}
        @Nullable String names() {
            return names;
        }

        /// {@return whether it is to be told now: true once}
        boolean tell() {
            if (handled) {
                return false;
            }
            synchronized (first) {
                boolean before = first.told;
                first.told = true;
                return !before;
            }
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
            return new Failure(failure, failure.names);
        }
        return result;
    }

    /// {@return `result` as one sees it}
    static <V extends @Nullable Object> Promise.State<V> state(Object result) {
        return result instanceof Failure failure
                ? new Promise.Rejected<>(failure.reason)
                : new Promise.Fulfilled<>(value(result));
    }

    /// Keeps `other` with `problem`, which is the one that is seen.
    static void suppress(Throwable problem, Throwable other) {
        if (problem != other) {
            problem.addSuppressed(other);
        }
    }
}
