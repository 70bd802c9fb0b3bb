package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What the running task of a worker has handed out to its own kernel, and may do itself while it waits for a promise.
final class HandedOut implements Waiter {
    /*
     * A task that waits runs what it has itself submitted and nobody has begun, oldest first, so a kernel of one worker
     * does not wait for itself. It runs nothing else: a stranger may want a lock that the waiting code holds. A task run in
     * this way has a list of its own, for the same reason; what is left of it goes to the end of the outer one, since the
     * outer task handed it out indirectly.
     *
     * All is written by the worker's thread alone. Who kills a task that runs inside another does not look for a worker: it
     * settles the task, and the thread learns of that at the next checkpoint, of this task or of one that it has handed out
     * itself. The thread is not replaced, because the outer task goes on in it.
     */
    private final Worker worker;
    private ArrayDeque<Job> jobs = new ArrayDeque<>();
    private volatile @Nullable Inside inside;
    private volatile long served; // of them

    /// A task that runs inside the waiting one, or inside one that does so.
    record Inside(Job job, long since, @Nullable Inside outer) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    HandedOut(Worker worker) {
        this.worker = worker;
    }

    /// Notes a task that the running one has submitted.
    void add(Job job) {
        Job first = jobs.peekFirst();
        while (first != null && !first.isQueued()) {
            jobs.removeFirst();
            first = jobs.peekFirst();
        }
        jobs.addLast(job);
    }

    /// Forgets everything: the task has ended.
    void clear() {
        if (!jobs.isEmpty()) {
            jobs = new ArrayDeque<>();
        }
    }

    /// {@return whether a task was killed that runs inside the waiting one: the innermost, or one that waits for it}
    boolean isCondemned() {
        for (Inside each = inside; each != null; each = each.outer) {
            if (each.job.isKilled()) {
                return true;
            }
        }
        return false;
    }

    /// {@return what runs inside the waiting task, innermost; null if nothing does}
    @Nullable Inside inside() {
        return inside;
    }

    boolean isInside(Job job) {
        for (Inside each = inside; each != null; each = each.outer) {
            if (each.job == job) {
                return true;
            }
        }
        return false;
    }

    /// {@return how many tasks have run to their end inside others}
    long served() {
        return served;
    }

    @Override
    public boolean help(Promise<?> awaited) {
        if (Thread.currentThread() != worker) {
            return false;
        }
        for (Job job = jobs.pollFirst(); job != null; job = jobs.pollFirst()) {
            Object body = job.body();
            if (job.claim()) {
                run(job, requireNonNull(body));
                return true;
            }
        }
        return false;
    }

    private void run(Job job, Object body) {
        ArrayDeque<Job> outer = jobs;
        Inside outerInside = inside;
        jobs = new ArrayDeque<>();
        inside = new Inside(job, System.nanoTime(), outerInside);
        try {
            if (job.run(body, worker.team())) {
                long before = served;
                served = before + 1; // nobody else writes it
            }
        } finally {
            outer.addAll(jobs);
            jobs = outer;
            inside = outerInside;
        }
    }
}
