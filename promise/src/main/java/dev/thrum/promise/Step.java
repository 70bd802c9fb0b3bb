package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A node that waits for another one: a callback, and the promise of what it will return.
abstract sealed class Step<A extends @Nullable Object, T extends @Nullable Object> extends Operators<T>
        permits Callback, Then, Then.After, Passing, Watch, Mark {

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
    /// @return this, if it is settled now and its own steps are due
    @Nullable Node<?> fire(Object result, Trampoline trampoline) {
        if (!isOpen()) {
            return null;
        }
        source = null;
        return settleInTurn(answer(result, trampoline));
    }

    @Override
    final boolean take(Object outcome) {
        return isSerial() ? takeAlone(outcome) : super.take(outcome);
    }

    final Object answer(Object result, Trampoline trampoline) {
        if (!concerns(result)) {
            return Outcome.handedOn(result);
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
    final @Nullable Node<?> proceed(Trampoline trampoline) {
        Node<?> waitedFor = source;
        if (waitedFor != null && isOpen()) {
            return fire(requireNonNull(waitedFor.settled()), trampoline);
        }
        beforeFlush();
        return flush(trampoline);
    }

    @Override
    void waitFor(Node<?> target) {
        throw new IllegalStateException("only what follows waits on");
    }

    /// Called at home when this is settled, before its steps run.
    void beforeFlush() {}

    /// {@return what tells by its class where this comes from}
    Object subject() {
        return this;
    }

    @Override
    final String site() {
        return Unseen.site(subject());
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
        Unseen.homeHasEnded(this);
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
}
