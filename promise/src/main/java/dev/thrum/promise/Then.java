package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import java.lang.invoke.VarHandle;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A step whose callback starts more work: it goes on waiting, for that.
final class Then<A extends @Nullable Object, T extends @Nullable Object> extends Step<A, T> {
    private final Function<? super A, ? extends Promise<? extends T>> f;

    Then(Home home, Function<? super A, ? extends Promise<? extends T>> f) {
        super(home);
        this.f = f;
    }

    @Override
    Object apply(Object result) {
        return requireNonNull(f.apply(Outcome.<A>value(result)), "the function given to then() returned null");
    }

    @Override
    void fire(Object result, Trampoline trampoline) {
        if (!isOpen()) {
            return;
        }
        source = null;
        Object answer = answer(result, trampoline);
        if (answer instanceof Failure) {
            settleInTurn(answer, trampoline);
        } else {
            follow((Node<?>) answer, trampoline);
        }
    }

    /*
     * A recursion `f(n) = step().then(x -> f(n - 1))` makes a chain of nodes that each wait for the next. Walking it
     * back would cost memory for every step ever taken. So a node that nobody but a follower waits for, and that is
     * to follow a fresh node, drops out: its follower moves on to the fresh node, and the node itself forwards.
     */
    private void follow(Node<?> next, Trampoline trampoline) {
        Object outcome = next.settled();
        if (next == this) {
            settleInTurn(new Failure(new IllegalStateException("a promise cannot follow itself")), trampoline);
        } else if (outcome != null) {
            next.noteHandled();
            settleInTurn(Outcome.handedOn(outcome), trampoline);
        } else if (isSerial() && isOpen() && next.home == home && next instanceof Then && next.isOpen()
                && next.hasNoSteps() && onlyStep() instanceof Follow follower) {
            forward(new Link(next, follower));
            next.attach(follower);
        } else {
            waitFor(next);
        }
    }

    /// Waits on. A cancel that comes from another thread at this very moment may not have seen what for.
    void waitFor(Node<?> target) {
        Follow follower = target.attach(new Follow(target.home, this));
        source = follower;
        VarHandle.fullFence();
        if (!isOpen() && settled() instanceof Failure failure) {
            follower.cancel(cancellation(failure.reason));
        }
    }

    @Override
    @Nullable Node<?> letGo(Throwable reason) {
        if (!(source instanceof Follow follower)) {
            return super.letGo(reason);
        }
        source = null;
        if (follower.isElsewhere()) {
            follower.cancel(cancellation(reason));
            return null;
        }
        return follower;
    }
}
