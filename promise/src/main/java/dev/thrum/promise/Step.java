package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A node that waits for another one: a callback, and the promise of what it will return.
abstract sealed class Step<A extends @Nullable Object, T extends @Nullable Object> extends Node<T>
        permits Step.Map, Step.Then, Step.Recover, Step.Tap, Step.Lastly, Step.MovedTo, Step.Within, Step.Watch, Step.End {

    /// Marks a list whose steps have run.
    static final Step<?, ?> FLUSHED = new End();

    /// What it waits for; null once that has come. Written at home; by anyone before it is attached.
    @Nullable Node<?> source;

    /// The next one in the list of the source.
    @Nullable Step<?, ?> sibling;

    /// That of whoever attached it.
    private final Scope scope;

    Step(Home home) {
        super(home, null);
        this.scope = Scope.current().at(home instanceof ExecutorHome ? Home.root() : home);
    }

    @Override
    final Scope scope() {
        return scope;
    }

    /// Runs when the source is settled, at the source's home, unless this was cancelled.
    void fire(Object result, Trampoline trampoline) {
        if (isOpen()) {
            source = null;
            settleInTurn(answer(result, trampoline), trampoline);
        }
    }

    @Override
    final boolean take(Object outcome) {
        return isSerial() ? takeAlone(outcome) : super.take(outcome);
    }

    final Object answer(Object result, Trampoline trampoline) {
        if (!concerns(result)) {
            return handedOn(result);
        }
        try {
            return trampoline.scope() == scope ? apply(result) : scope.call(() -> apply(result));
        } catch (Throwable problem) {
            return new Failure(problem);
        }
    }

    /// {@return whether the callback wants this result; others are handed on}
    boolean concerns(Object result) {
        return !(result instanceof Failure);
    }

    /// {@return the result of the callback}
    abstract Object apply(Object result);

    @Override
    final void proceed(Trampoline trampoline) {
        Node<?> waitedFor = source;
        if (waitedFor != null && isOpen()) {
            fire(requireNonNull(waitedFor.settled()), trampoline);
        } else {
            flush(trampoline);
        }
    }

    @Override
    @Nullable Node<?> letGo(Throwable reason) {
        Node<?> waitedFor = source;
        source = null;
        return waitedFor == null ? null : waitedFor.forget(this, cancellation(reason));
    }

    /// {@return what those above are told: not a failure of theirs, whatever the reason was here}
    static CancellationException cancellation(Throwable reason) {
        if (reason instanceof CancellationException cancellation) {
            return cancellation;
        }
        var cancellation = new CancellationException("nobody waits for it any longer");
        cancellation.initCause(reason);
        return cancellation;
    }

    @Override
    public Promise<T> unref() {
        Node<?> first = this;
        while (first instanceof Step<?, ?> step && step.source != null) {
            first = step.source;
        }
        if (first instanceof Source<?> origin) {
            origin.unref();
        }
        return this;
    }

    /// Its home has ended before it could be attached, or to run it.
    void drop() {
        take(refused());
        homeHasEnded();
    }

    /// What it waited for will never come home.
    void lose() {
        if (take(refused())) {
            whenTaken();
        }
    }

    final Failure refused() {
        return new Failure(new RejectedExecutionException("the promise's home has ended: " + home));
    }

    static final class Map<A extends @Nullable Object, T extends @Nullable Object> extends Step<A, T> {
        private final Function<? super A, ? extends T> f;

        Map(Home home, Function<? super A, ? extends T> f) {
            super(home);
            this.f = f;
        }

        @Override
        Object apply(Object result) {
            return boxed(f.apply(Node.<A>value(result)));
        }
    }

    static final class Tap<T extends @Nullable Object> extends Step<T, T> {
        private final Consumer<? super T> f;

        Tap(Home home, Consumer<? super T> f) {
            super(home);
            this.f = f;
        }

        @Override
        Object apply(Object result) {
            f.accept(Node.<T>value(result));
            return result;
        }
    }

    static final class Recover<T extends @Nullable Object, X extends Throwable> extends Step<T, T> {
        private final Class<X> type;
        private final Function<? super X, ? extends T> f;

        Recover(Home home, Class<X> type, Function<? super X, ? extends T> f) {
            super(home);
            this.type = type;
            this.f = f;
        }

        @Override
        boolean concerns(Object result) {
            return result instanceof Failure failure && type.isInstance(failure.reason);
        }

        @Override
        Object apply(Object result) {
            return boxed(f.apply(type.cast(((Failure) result).reason)));
        }
    }

    static final class Lastly<T extends @Nullable Object> extends Step<T, T> {
        private final Runnable f;

        Lastly(Home home, Runnable f) {
            super(home);
            this.f = f;
        }

        @Override
        boolean concerns(Object result) {
            return true;
        }

        @Override
        Object apply(Object result) {
            try {
                f.run();
            } catch (Throwable problem) {
                if (result instanceof Failure failure && failure.reason != problem) {
                    problem.addSuppressed(failure.reason);
                }
                throw problem;
            }
            return handedOn(result);
        }
    }

    /// A step whose callback starts more work: it goes on waiting, for that.
    static final class Then<A extends @Nullable Object, T extends @Nullable Object> extends Step<A, T> {
        private final Function<? super A, ? extends Promise<? extends T>> f;

        Then(Home home, Function<? super A, ? extends Promise<? extends T>> f) {
            super(home);
            this.f = f;
        }

        @Override
        Object apply(Object result) {
            return requireNonNull(f.apply(Node.<A>value(result)), "the function given to then() returned null");
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
                settleInTurn(handedOn(outcome), trampoline);
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

    /// Hands the result on to a promise at another home.
    static final class MovedTo<T extends @Nullable Object> extends Step<T, T> {
        MovedTo(Home home) {
            super(home);
        }

        @Override
        void fire(Object result, Trampoline trampoline) {
            source = null;
            settleFromAnywhere(handedOn(result));
        }

        @Override
        void drop() {
            Node<?> waitedFor = source;
            Object known = waitedFor == null ? null : waitedFor.settled();
            settleFromAnywhere(known == null ? refused() : handedOn(known));
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

    /// Gives up when it takes too long.
    static final class Within<T extends @Nullable Object> extends Step<T, T> {
        private static final Registration OVER = () -> {};

        private final AtomicReference<@Nullable Registration> timer = new AtomicReference<>(); // OVER once settled

        Within(Home home) {
            super(home);
        }

        /// Starts the timer; not before this is attached, since it may be due at once.
        Within<T> start(Duration limit) {
            if (isOpen()) {
                Registration started = home.schedule(
                        limit, () -> cancel(new TimeoutException("the promise was not settled within " + limit)));
                if (!timer.compareAndSet(null, started)) {
                    started.close();
                }
            }
            return this;
        }

        @Override
        void whenTaken() {
            Registration started = timer.getAndSet(OVER);
            if (started != null) {
                started.close();
            }
        }

        @Override
        Object apply(Object result) {
            return result;
        }
    }

    /// Something inside this room that wants to know. Its own promise is shown to nobody.
    abstract static sealed class Watch extends Step<Object, Object> permits Follow, Await, All.Part, Stages.Completion {
        Watch(Home home) {
            super(home);
        }

        @Override
        final void fire(Object result, Trampoline trampoline) {
            if (take(NIL)) {
                source = null;
                seen(handedOn(result));
            }
        }

        @Override
        final void drop() {
            Node<?> waitedFor = source;
            Object known = waitedFor == null ? null : waitedFor.settled();
            if (take(NIL)) {
                source = null;
                seen(known == null ? refused() : handedOn(known));
            }
        }

        @Override
        final void lose() {
            if (take(NIL)) {
                source = null;
                seen(refused());
            }
        }

        /// Runs at the source's home, or anywhere once that has ended. Must not throw, and calls no user code.
        abstract void seen(Object result);

        @Override
        final Object apply(Object result) {
            return result;
        }
    }

    /// The end mark.
    static final class End extends Step<Object, Object> {
        private End() {
            super(Home.root());
        }

        @Override
        Object apply(Object result) {
            return result;
        }
    }
}
