package dev.thrum.promise;

import dev.thrum.scope.Home;
import org.jspecify.annotations.Nullable;

/// Hands the result on to a promise at another home.
final class MovedTo<T extends @Nullable Object> extends Step<T, T> {
    MovedTo(Home home) {
        super(home);
    }

    @Override
    void fire(Object result, Trampoline trampoline) {
        source = null;
        settleFromAnywhere(Outcome.handedOn(result));
    }

    @Override
    void drop() {
        Node<?> waitedFor = source;
        Object known = waitedFor == null ? null : waitedFor.settled();
        settleFromAnywhere(known == null ? refused() : Outcome.handedOn(known));
    }

    @Override
    void lose() {
        settleFromAnywhere(refused());
    }

    @Override
    Object apply(Object result) {
        return result;
    }
}
