package dev.thrum.kernel;

import dev.thrum.promise.Resolver;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A task whose result comes home as a promise.
final class PromiseJob<T extends @Nullable Object> extends Job {
    private final Resolver<T> resolver;
    private final Watch watch = new Watch();
    private @Nullable Callable<? extends T> task; // let go at the end

    PromiseJob(Terms terms, Callable<? extends T> task, Resolver<T> resolver) {
        super(terms);
        this.task = task;
        this.resolver = resolver;
    }

    void watch(Team team) {
        resolver.onCancel(reason -> team.kills().cancel(this, reason));
        if (Watch.isNeeded(terms)) {
            watch.begin(this, team);
        }
    }

    @Override
    @Nullable Object body() {
        return task;
    }

    @Override
    void settle(@Nullable Object outcome) {
        task = null;
        watch.end();
        if (outcome instanceof Failure(Throwable reason)) {
            resolver.reject(reason);
        } else {
            resolver.resolve(value(outcome));
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what the task returned, null where T allows it
    private T value(@Nullable Object outcome) {
        return (T) outcome;
    }
}
