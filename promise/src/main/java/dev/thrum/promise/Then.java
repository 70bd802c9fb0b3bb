package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import java.lang.invoke.VarHandle;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A step whose callback starts more work: it goes on waiting, for that.
abstract sealed class Then<A extends @Nullable Object, T extends @Nullable Object> extends Step<A, T> {

    Then(Home home) {
        super(home);
    }

    /// {@return what the callback has started}
    abstract Promise<?> start(Object result);

    @Override
    final Object apply(Object result) {
        return start(result);
    }

    @Override
    @Nullable Node<?> fire(Object result, Trampoline trampoline) {
        if (!isOpen()) {
            return null;
        }
        source = null;
        Object answer = answer(result, trampoline);
        return answer instanceof Failure || !concerns(result) ? settleInTurn(answer) : follow((Node<?>) answer);
    }

    private @Nullable Node<?> follow(Node<?> next) {
        Object outcome = next.settled();
        if (next == this) {
            return settleInTurn(followsItself());
        }
        if (outcome != null) {
            next.noteHandled();
            return settleInTurn(Outcome.handedOn(outcome));
        }
        if (!isOpen() || !dropOut(next)) {
            waitFor(next);
        }
        return null;
    }

    /// Waits on. A cancel that comes from another thread at this very moment may not have seen what for.
    @Override
    final void waitFor(Node<?> target) {
        Follow follower = target.attach(new Follow(target.home, this));
        source = follower;
        VarHandle.fullFence();
        if (!isOpen() && settled() instanceof Failure failure && abandon(follower, failure.reason) != null) {
            follower.cancel(cancellation(failure.reason));
        }
    }

    @Override
    @Nullable Node<?> letGo(Throwable reason) {
        if (!(source instanceof Follow follower)) {
            return super.letGo(reason);
        }
        source = null;
        return abandon(follower, reason);
    }

    /// Waits no longer for what the callback has started.
    /// @return what is to be cancelled too, here
    @Nullable Node<?> abandon(Follow follower, Throwable reason) {
        if (follower.isElsewhere()) {
            follower.cancel(cancellation(reason));
            return null;
        }
        return follower;
    }

    /// Goes on after a value.
    static final class OnValue<A extends @Nullable Object, T extends @Nullable Object> extends Then<A, T> {
        private final Function<? super A, ? extends Promise<?>> f;
        private final boolean keeps; // the value, instead of that of what is started

        OnValue(Home home, Function<? super A, ? extends Promise<?>> f, boolean keeps) {
            super(home);
            this.f = f;
            this.keeps = keeps;
        }

        @Override
        Promise<?> start(Object result) {
            Promise<?> started = f.apply(Outcome.<A>value(result));
            requireNonNull(started, () -> "the function given to " + (keeps ? "tapWith" : "then") + "() returned null");
            return keeps ? After.of(started, result) : started;
        }

        @Override
        Object subject() {
            return f;
        }
    }

    /// Goes on after some reasons.
    static final class OnReason<T extends @Nullable Object, X extends Throwable> extends Then<T, T> {
        private final Class<X> type;
        private final Function<? super X, ? extends Promise<? extends T>> f;

        OnReason(Home home, Class<X> type, Function<? super X, ? extends Promise<? extends T>> f) {
            super(home);
            this.type = type;
            this.f = f;
        }

        @Override
        boolean concerns(Object result) {
            return result instanceof Failure failure && type.isInstance(failure.reason);
        }

        @Override
        Promise<?> start(Object result) {
            return requireNonNull(
                    f.apply(type.cast(((Failure) result).reason)), "the function given to recoverWith() returned null");
        }

        @Override
        Object subject() {
            return f;
        }
    }

    /// Goes on after anything, a cancellation included. What it has started is never cancelled.
    static final class OnEnd<T extends @Nullable Object> extends Then<T, T> {
        private final Callback.Once<Supplier<? extends Promise<?>>> cleanUp;

        OnEnd(Home home, Supplier<? extends Promise<?>> f) {
            super(home);
            this.cleanUp = new Callback.Once<>(f);
        }

        @Override
        boolean concerns(Object result) {
            return true;
        }

        @Override
        Promise<?> start(Object result) {
            Supplier<? extends Promise<?>> f = cleanUp.take();
            if (f == null) {
                return After.of(Promise.of(true), result); // a cancel has begun it
            }
            try {
                return After.of(
                        requireNonNull(f.get(), "the function given to lastlyWith() returned null"), result);
            } catch (Throwable problem) {
                if (result instanceof Failure failure) {
                    Outcome.suppress(problem, failure.reason);
                }
                throw problem;
            }
        }

        @Override
        void beforeFlush() {
            cleanUp.runUnlessTaken(this, f -> requireNonNull(f.get(), "the function given to lastlyWith() returned null"));
        }

        @Override
        @Nullable Node<?> abandon(Follow follower, Throwable reason) {
            Node<?> after = follower.source;
            if (after != null) {
                after.withdraw(follower);
            }
            return null;
        }

        @Override
        Object subject() {
            return cleanUp.subject();
        }
    }

    /// The first result again, once the second has come; but a second failure goes before.
    static final class After extends Step<Object, Object> {
        private final Object first;

        private After(Home home, Object first) {
            super(home);
            this.first = first;
        }

        static Promise<?> of(Promise<?> second, Object first) {
            Node<?> node = (Node<?>) second;
            return node.attach(new After(node.home, first));
        }

        @Override
        boolean concerns(Object second) {
            return true;
        }

        @Override
        Object apply(Object second) {
            if (second instanceof Failure failure && first instanceof Failure earlier) {
                Outcome.suppress(failure.reason, earlier.reason);
            }
            return Outcome.handedOn(second instanceof Failure ? second : first);
        }
    }
}
