package dev.thrum.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// A task that counts how often it was settled.
final class CountedJob extends Job {
    private static final Terms TERMS = Terms.here(null, null);

    final AtomicInteger settled = new AtomicInteger();
    private final Callable<Object> task = () -> 1;

    CountedJob() {
        super(TERMS);
    }

    @Override
    Object body() {
        return task;
    }

    @Override
    void settle(Object outcome) {
        settled.incrementAndGet();
    }

    /// What a worker does.
    /// @return 0 if it could not claim the task, 1 if it ran it to its end, 2 if the task was killed meanwhile
    int work() {
        if (!claim()) {
            return 0;
        }
        return run(body(), null) ? 1 : 2;
    }

    /// What a killer does.
    /// @return 0 if it came too late, 1 if it dropped the task, 2 if it killed it
    int kill() {
        TaskKilledException reason = new TaskKilledException("for a test", null);
        if (drop(reason)) {
            return 1;
        }
        if (condemn()) {
            settle(new Failure(reason));
            return 2;
        }
        return 0;
    }
}
