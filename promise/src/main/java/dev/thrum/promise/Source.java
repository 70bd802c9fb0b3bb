package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A promise that is settled from outside, by whoever has its resolver; and that resolver.
sealed class Source<T extends @Nullable Object> extends Operators<T> implements Resolver<T> permits Source.Traced {
    @SuppressWarnings("UnnecessaryLambda") // a mark, known by its identity
    private static final Consumer<Object> CANCELLED = reason -> {};
    private static final VarHandle WAITING;
    private static final VarHandle CANCEL_ACTION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITING = lookup.findVarHandle(Source.class, "waiting", Await.class);
            CANCEL_ACTION = lookup.findVarHandle(Source.class, "cancelAction", Consumer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Scope scope;
    private @Nullable Registration hold; // closing is idempotent, so a lost race here is harmless
    private volatile @Nullable Await<?> waiting; // a stack of threads
    private volatile @Nullable Consumer<? super Throwable> cancelAction; // CANCELLED once it was due

    Source(Scope scope, boolean holding) {
        super(scope.home(), null);
        this.scope = scope;
        this.hold = holding ? scope.home().hold() : null;
    }

    private Source(Scope scope, Object result) {
        super(scope.home(), result);
        this.scope = scope;
    }

    /// One that knows where it was made.
    static final class Traced<T extends @Nullable Object> extends Source<T> {
        private final String site = Trace.site(this);

        private Traced(Scope scope, boolean holding) {
            super(scope, holding);
            PendingPromises.add(this);
        }

        private Traced(Scope scope, Failure failure) {
            super(scope, failure);
        }

        @Override
        String site() {
            return site;
        }

        @Override
        void whenTaken() {
            super.whenTaken();
            PendingPromises.remove(this);
        }
    }

    static <T extends @Nullable Object> Source<T> pending(boolean holding) {
        return Trace.ON ? new Traced<>(Scope.current(), holding) : new Source<>(Scope.current(), holding);
    }

    static <T extends @Nullable Object> Source<T> fulfilled(Object value) {
        return new Source<>(Scope.current(), value);
    }

    static <T extends @Nullable Object> Source<T> failed(Failure failure) {
        Source<T> source = Trace.ON ? new Traced<>(Scope.current(), failure) : new Source<>(Scope.current(), failure);
        Unseen.watch(source, failure);
        return source;
    }

    @Override
    final Scope scope() {
        return scope;
    }

    @Override
    @Nullable String site() {
        return null;
    }

    // ---- Resolver

    @Override
    public final Promise<T> promise() {
        return this;
    }

    @Override
    public final boolean resolve(T value) {
        return settle(Outcome.boxed(value));
    }

    @Override
    public final boolean reject(Throwable reason) {
        return settle(new Failure(requireNonNull(reason, "reason")));
    }

    final boolean settle(Object outcome) {
        if (!claim(outcome)) {
            LateSettlement.record(this, outcome instanceof Failure failure ? failure.reason : null);
            return false;
        }
        whenTaken();
        comeHome();
        return true;
    }

    @Override
    public final boolean follow(Promise<? extends T> other) {
        Node<?> node = (Node<?>) requireNonNull(other, "other");
        if (!claim(CLAIMED)) {
            LateSettlement.record(this, null);
            return false;
        }
        if (node == this) {
            settleFromAnywhere(followsItself());
        } else if (isNeededByItsThreads() || !dropOut(node)) {
            waitFor(node);
        }
        return true;
    }

    /// {@return whether it must stay for what hangs on it beside the steps: a hold, a thread}
    private boolean isNeededByItsThreads() {
        return hold != null || waiting != null;
    }

    @Override
    final void waitFor(Node<?> target) {
        Follow follower = target.attach(new Follow(target.home, this));
        onCancel(follower::cancel);
    }

    @Override
    @SuppressWarnings("unchecked") // the field's own type, seen through a VarHandle
    public final void onCancel(Consumer<? super Throwable> action) {
        requireNonNull(action, "action");
        for (; ; ) {
            Consumer<? super Throwable> seen = cancelAction;
            if (seen == CANCELLED) {
                run(action, settled() instanceof Failure failure ? failure.reason : Step.cancellation(new Throwable()));
                return;
            }
            if (CANCEL_ACTION.compareAndSet(this, seen, action)) {
                return;
            }
        }
    }

    // ---- Node

    @Override
    final @Nullable Node<?> letGo(Throwable reason) {
        @SuppressWarnings("unchecked") // the field's own type, seen through a VarHandle
        var action = (@Nullable Consumer<? super Throwable>) CANCEL_ACTION.getAndSet(this, CANCELLED);
        if (action != null && action != CANCELLED) {
            run(action, reason);
        }
        return null;
    }

    private void run(Consumer<? super Throwable> action, Throwable reason) {
        try {
            action.accept(reason);
        } catch (Throwable problem) {
            home.report(problem, scope);
        }
    }

    @Override
    void whenTaken() {
        for (Await<?> await = waiting; await != null; await = await.next) {
            await.wake();
        }
    }

    @Override
    final void whenFlushed() {
        try {
            unref();
        } catch (Throwable problem) {
            home.report(problem, scope);
        }
    }

    @Override
    public final Promise<T> unref() {
        Registration held = hold;
        if (held != null) {
            hold = null;
            held.close();
        }
        return this;
    }

    /// {@return the threads that wait for this} From any thread.
    final List<Thread> threads() {
        List<Thread> threads = new ArrayList<>();
        for (Await<?> await = waiting; await != null; await = await.next) {
            threads.add(await.thread());
        }
        return threads;
    }

    /// Wakes `await` when this is settled, without the detour by way of its home.
    final void wakeEarly(Await<?> await) {
        do {
            await.next = waiting;
        } while (!WAITING.compareAndSet(this, await.next, await));
    }
}
