package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A kernel as one sender of single tasks sees it.
record SubmitterView(Team team, @Nullable Object category, @Nullable Priority priority) implements Submitter {

    @Override
    public <T extends @Nullable Object> Promise<T> submit(Callable<? extends T> task) {
        requireNonNull(task, "task");
        team.refuseIfEnded();
        Resolver<T> resolver = Resolver.holding();
        PromiseJob<T> job = new PromiseJob<>(Terms.here(category, priority), task, resolver);
        job.watch(team);
        try {
            team.submit(job);
        } catch (RejectedExecutionException ended) {
            resolver.promise().cancel();
            throw ended;
        }
        return resolver.promise();
    }

    @Override
    public void execute(Runnable task) {
        requireNonNull(task, "task");
        PlainJob job = new PlainJob(Terms.here(category, priority), task);
        job.watch(team);
        try {
            team.submit(job);
        } catch (RejectedExecutionException ended) {
            job.forget();
            throw ended;
        }
    }

    @Override
    public Submitter in(Object category) {
        return new SubmitterView(team, requireNonNull(category, "category"), priority);
    }

    @Override
    public Submitter at(Priority priority) {
        return new SubmitterView(team, category, requireNonNull(priority, "priority"));
    }

    @Override
    public String toString() {
        return "submissions to " + team.name();
    }
}
