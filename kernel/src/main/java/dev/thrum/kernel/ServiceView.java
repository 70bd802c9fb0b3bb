package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A kernel as an executor service.
final class ServiceView extends AbstractExecutorService {
    /*
     * The future of a task is completed by its job, not by the thread that runs it: a future of the JDK would wait for the
     * thread of a killed task for ever. `sent` holds what is not settled, so that `shutdownNow` knows what it ends.
     */
    private final Team team;
    private final Set<Sent> sent = ConcurrentHashMap.newKeySet();

    ServiceView(Team team) {
        this.team = team;
    }

    /// A future whose job completes it. It runs itself only if somebody takes it from `shutdownNow` and does so.
    private final class Work<T extends @Nullable Object> extends CompletableFuture<T> implements RunnableFuture<T> {
        private final Callable<T> task;
        private volatile @Nullable Sent job;

        Work(Callable<T> task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                complete(task.call());
            } catch (Throwable problem) {
                completeExceptionally(problem);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            Sent mine = job;
            if (cancelled && mine != null) {
                CancellationException reason = new CancellationException("its future was cancelled");
                if (mayInterruptIfRunning) {
                    team.kills().cancel(mine, reason);
                } else {
                    mine.drop(reason);
                }
            }
            return cancelled;
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // what the task returned, null where T allows it
        void settle(@Nullable Object outcome) {
            if (outcome instanceof Job.Failure(Throwable reason)) {
                completeExceptionally(reason);
            } else {
                complete((T) outcome);
            }
        }
    }

    /// A task on its way, with its future if it has one.
    private final class Sent extends Job {
        private final Watch watch = new Watch();
        private final Runnable command;
        private final Callable<?> body;
        private volatile @Nullable Throwable recall; // why it goes back to the caller of shutdownNow, who may still run it

        Sent(Runnable command) {
            super(Terms.here(null, null));
            this.command = requireNonNull(command, "command");
            this.body = command instanceof Work<?> work ? work.task : Executors.callable(command);
        }

        @Override
        Object body() {
            return body;
        }

        @Override
        void settle(@Nullable Object outcome) {
            sent.remove(this);
            watch.end();
            if (outcome instanceof Failure(Throwable reason) && reason == recall) {
                return;
            }
            if (command instanceof Work<?> work) {
                work.settle(outcome);
            } else {
                report(outcome);
            }
        }

        /// {@return whether it had not begun, and now never does}
        boolean takeBack(Throwable reason) {
            recall = reason;
            boolean taken = drop(reason);
            recall = null;
            return taken;
        }
    }

    @Override
    public void execute(Runnable command) {
        Sent job = new Sent(command);
        if (command instanceof Work<?> work) {
            work.job = job;
        }
        sent.add(job);
        if (Watch.isNeeded(job.terms)) {
            job.watch.begin(job, team);
        }
        try {
            team.submit(job);
        } catch (RejectedExecutionException ended) {
            sent.remove(job);
            job.watch.end();
            throw ended;
        }
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Work<>(callable);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Work<>(Executors.callable(runnable, value));
    }

    @Override
    public void shutdown() {
        team.beginEnd();
    }

    @Override
    public List<Runnable> shutdownNow() {
        TaskKilledException reason = new TaskKilledException("killed by shutdownNow of " + team.name(), null);
        team.beginEnd();
        List<Runnable> never = new ArrayList<>();
        List<Sent> begun = new ArrayList<>();
        for (Sent job : List.copyOf(sent)) {
            if (job.takeBack(reason)) {
                never.add(job.command);
            } else {
                begun.add(job);
            }
        }
        begun.forEach(job -> team.kills().cancel(job, reason)); // last: a worker freed earlier would begin what is to be given back
        return never;
    }

    @Override
    public boolean isShutdown() {
        return team.isEnding();
    }

    @Override
    public boolean isTerminated() {
        return team.hasEnded();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return team.awaitEnd(unit.toNanos(timeout));
    }

    @Override
    public String toString() {
        return "executor service of " + team;
    }
}
