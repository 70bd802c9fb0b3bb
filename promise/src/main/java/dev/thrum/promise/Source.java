package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A promise that is settled from outside, by whoever has its resolver; and that resolver.
final class Source<T extends @Nullable Object> extends Operators<T> implements Resolver<T> {
    private static final System.Logger LOG = System.getLogger("dev.thrum.promise");
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

    static <T extends @Nullable Object> Source<T> settled(Object result) {
        Source<T> source = new Source<>(Scope.current(), result);
        Unseen.watch(source, result);
        return source;
    }

    @Override
    Scope scope() {
        return scope;
    }

    // ---- Resolver

    @Override
    public Promise<T> promise() {
        return this;
    }

    @Override
    public boolean resolve(T value) {
        return settle(Outcome.boxed(value));
    }

    @Override
    public boolean reject(Throwable reason) {
        return settle(new Failure(requireNonNull(reason, "reason")));
    }

    private boolean settle(Object outcome) {
        if (!claim(outcome)) {
            tooLate(outcome);
            return false;
        }
        whenTaken();
        comeHome();
        return true;
    }

    private void tooLate(Object outcome) {
        if (LOG.isLoggable(Level.DEBUG)) {
            Throwable second = outcome instanceof Failure failure ? failure.reason : null;
            LOG.log(Level.DEBUG, "a promise that is " + state() + " was settled again, which is ignored", second);
        }
    }

    @Override
    public boolean follow(Promise<? extends T> other) {
        Node<?> node = (Node<?>) requireNonNull(other, "other");
        if (!claim(CLAIMED)) {
            return false;
        }
        if (node == this) {
            settleFromAnywhere(new Failure(new IllegalStateException("a promise cannot follow itself")));
        } else {
            Follow follower = node.attach(new Follow(node.home, this));
            onCancel(follower::cancel);
        }
        return true;
    }

    @Override
    @SuppressWarnings("unchecked") // the field's own type, seen through a VarHandle
    public void onCancel(Consumer<? super Throwable> action) {
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
    @Nullable Node<?> letGo(Throwable reason) {
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
    void whenFlushed() {
        unref();
    }

    @Override
    public Promise<T> unref() {
        Registration held = hold;
        if (held != null) {
            hold = null;
            held.close();
        }
        return this;
    }

    /// Wakes `await` when this is settled, without the detour by way of its home.
    void wakeEarly(Await<?> await) {
        do {
            await.next = waiting;
        } while (!WAITING.compareAndSet(this, await.next, await));
    }
}
