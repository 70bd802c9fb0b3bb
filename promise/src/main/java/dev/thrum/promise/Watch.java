package dev.thrum.promise;

import dev.thrum.scope.Home;
import org.jspecify.annotations.Nullable;

/// Something inside this room that wants to know. Its own promise is shown to nobody.
abstract sealed class Watch extends Step<Object, Object> permits Follow, Await, Gathering.Part, Stages.Completion {
    Watch(Home home) {
        super(home);
    }

    @Override
    final @Nullable Node<?> fire(Object result, Trampoline trampoline) {
        if (take(Outcome.NIL)) {
            source = null;
            seen(Outcome.handedOn(result));
        }
        return null;
    }

    @Override
    final void drop() {
        Node<?> waitedFor = source;
        Object known = waitedFor == null ? null : waitedFor.settled();
        if (take(Outcome.NIL)) {
            source = null;
            seen(known == null ? refused() : Outcome.handedOn(known));
        }
    }

    @Override
    final void lose() {
        if (take(Outcome.NIL)) {
            source = null;
            seen(refused());
        }
    }

    /// Runs at the source's home, or anywhere once that has ended. Must not throw.
    abstract void seen(Object result);

    @Override
    final Object apply(Object result) {
        return result;
    }
}
