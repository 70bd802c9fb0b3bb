package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Waiter;
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
     * All is confined to the worker's thread, but for `inside`, which the task's killer does not see: it settles the task,
     * and the thread learns of that at the next checkpoint. It is not replaced, because the outer task goes on in it.
     */
    private final Worker worker;
    private ArrayDeque<Job> jobs = new ArrayDeque<>();
    private @Nullable Job inside;

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

    /// {@return whether the task that runs inside the waiting one was killed}
    boolean isCondemned() {
        Job job = inside;
        return job != null && job.isKilled();
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
        Job outerInside = inside;
        jobs = new ArrayDeque<>();
        inside = job;
        try {
            job.run(body, worker.team());
        } finally {
            outer.addAll(jobs);
            jobs = outer;
            inside = outerInside;
        }
    }
}
