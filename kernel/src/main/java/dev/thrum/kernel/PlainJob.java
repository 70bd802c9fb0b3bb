package dev.thrum.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A task without a receiver. What it throws is reported at its sender's home, unless it was killed
/// or its sender's scope was cancelled.
final class PlainJob extends Job {
    private final Watch watch = new Watch();
    private @Nullable Callable<?> task; // let go at the end

    PlainJob(Terms terms, Runnable task) {
        super(terms);
        this.task = Executors.callable(task);
    }

    void watch(Team team) {
        if (Watch.isNeeded(terms)) {
            watch.begin(this, team);
        }
    }

    void forget() {
        watch.end();
    }

    @Override
    @Nullable Object body() {
        return task;
    }

    @Override
    void settle(@Nullable Object outcome) {
        task = null;
        watch.end();
        report(outcome);
    }
}
