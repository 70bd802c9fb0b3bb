package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Between promises and the JDK's completion stages.
final class Stages {
    private Stages() {}

    static <T extends @Nullable Object> Promise<T> promise(CompletionStage<? extends T> stage) {
        requireNonNull(stage, "stage");
        Resolver<T> resolver = Resolver.holding();
        if (stage instanceof Future<?> future) {
            resolver.onCancel(reason -> future.cancel(true));
        }
        try {
            var _ = stage.whenComplete((value, problem) -> settle(resolver, value, problem));
        } catch (Throwable problem) { // a foreign stage may do anything
            resolver.reject(problem);
        }
        return resolver.promise();
    }

    private static <T extends @Nullable Object> void settle(Resolver<T> resolver, T value, @Nullable Throwable problem) {
        if (problem == null) {
            resolver.resolve(value);
        } else {
            Throwable cause = problem instanceof CompletionException ? problem.getCause() : null;
            resolver.reject(cause == null ? problem : cause);
        }
    }

    static <T extends @Nullable Object> CompletableFuture<T> future(Node<T> promise) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Completion<T> completion = promise.attach(new Completion<>(promise.home, future));
        var _ = future.whenComplete((value, problem) -> {
            if (future.isCancelled()) {
                completion.cancel();
            }
        });
        return future;
    }

    static final class Completion<T extends @Nullable Object> extends Watch {
        private final CompletableFuture<T> future;

        private Completion(Home home, CompletableFuture<T> future) {
            super(home);
            this.future = future;
        }

        @Override
        void seen(Object result) {
            if (result instanceof Failure failure) {
                future.completeExceptionally(failure.reason);
            } else {
                future.complete(Outcome.<T>value(result));
            }
        }
    }
}
