package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The operators of a promise. Each attaches a step, which is the promise that it returns.
abstract sealed class Operators<T extends @Nullable Object> extends Node<T> permits Source, Step {

    Operators(Home home, @Nullable Object result) {
        super(home, result);
    }

    @Override
    public final <U extends @Nullable Object> Promise<U> map(Function<? super T, ? extends U> f) {
        return attach(new Callback.Map<T, U>(home, requireNonNull(f, "f")));
    }

    @Override
    public final <U extends @Nullable Object> Promise<U> then(Function<? super T, ? extends Promise<? extends U>> f) {
        return attach(new Then.OnValue<T, U>(home, requireNonNull(f, "f"), false));
    }

    @Override
    public final <X extends Throwable> Promise<T> recover(Class<X> type, Function<? super X, ? extends T> f) {
        return attach(new Callback.Recover<T, X>(home, requireNonNull(type, "type"), requireNonNull(f, "f")));
    }

    @Override
    public final <X extends Throwable> Promise<T> recoverWith(
            Class<X> type, Function<? super X, ? extends Promise<? extends T>> f) {
        return attach(new Then.OnReason<T, X>(home, requireNonNull(type, "type"), requireNonNull(f, "f")));
    }

    @Override
    public final Promise<T> tap(Consumer<? super T> f) {
        return attach(new Callback.Tap<T>(home, requireNonNull(f, "f")));
    }

    @Override
    public final Promise<T> tapWith(Function<? super T, ? extends Promise<?>> f) {
        return attach(new Then.OnValue<T, T>(home, requireNonNull(f, "f"), true));
    }

    @Override
    public final Promise<T> lastly(Runnable f) {
        return attach(new Callback.Lastly<T>(home, requireNonNull(f, "f")));
    }

    @Override
    public final Promise<T> lastlyWith(Supplier<? extends Promise<?>> f) {
        return attach(new Then.OnEnd<T>(home, requireNonNull(f, "f")));
    }

    @Override
    public final Promise<T> named(String name) {
        return attach(new Passing.Named<T>(home, requireNonNull(name, "name")));
    }

    @Override
    public final Promise<T> on(Executor executor) {
        requireNonNull(executor, "executor");
        return attach(new Passing.Moved<T>(executor instanceof Home other ? other : new ExecutorHome(executor)));
    }

    @Override
    public final Promise<T> within(Duration limit) {
        requireNonNull(limit, "limit");
        return attach(new Passing.Within<T>(home)).start(limit);
    }

    @Override
    public final CompletableFuture<T> toCompletableFuture() {
        return Stages.future(this);
    }
}
