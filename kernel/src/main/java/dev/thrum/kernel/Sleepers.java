package dev.thrum.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The workers that sleep, and the one that searches.
final class Sleepers {
    /*
     * Waking a thread costs the waker microseconds, so a submission wakes somebody only if nobody is searching already:
     * awake, without a job, about to look at the queues. The searcher that finds a job gives the role up, and if there
     * is more it wakes the next one. A burst is met by a chain of wake-ups in the workers, and the submitter pays for
     * the first only.
     *
     * No wake-up is lost. A submitter puts its job into the queue, then reads `count` and `searching`. A worker that
     * goes to sleep adds itself (count), then looks at the queue again. A searcher that gives up clears `searching`,
     * then goes to sleep in that way; one that has found a job clears it, then looks at the queue. All of these are
     * volatile, so in the one order of them all either the submitter comes second and sees the sleeper without a
     * searcher, or the worker comes second and sees the job.
     * A waker that has taken the role but finds nobody asleep clears it again. Whoever relied on it meanwhile saw a
     * sleeper that had just got up by itself, which looks at the queues before it sleeps again.
     */

    private static final VarHandle SEARCHING;

    static {
        try {
            SEARCHING = MethodHandles.lookup().findVarHandle(Sleepers.class, "searching", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Worker> asleep = new ArrayDeque<>(); // guarded by lock; the last to sleep wakes first
    private volatile int count; // of asleep; written under lock
    private volatile boolean searching;

    int count() {
        return count;
    }

    /// {@return whether new work needs a worker to be woken: none is on its way}
    boolean areNeeded() {
        return count > 0 && !searching;
    }

    /// Wakes a worker for new work, unless one is on its way.
    void submitted() {
        if (areNeeded() && SEARCHING.compareAndSet(this, false, true)) {
            Worker worker = pop();
            if (worker == null) {
                searching = false;
            } else {
                worker.wake(true);
            }
        }
    }

    /// {@return whether the caller is the searcher now}
    boolean search() {
        return !searching && SEARCHING.compareAndSet(this, false, true);
    }

    void stopSearching() {
        searching = false;
    }

    void lieDown(Worker worker) {
        lock.lock();
        try {
            asleep.addLast(worker);
            count = asleep.size();
        } finally {
            lock.unlock();
        }
    }

    /// {@return whether the worker was still asleep, so that nobody else wakes it}
    boolean getUp(Worker worker) {
        lock.lock();
        try {
            boolean was = asleep.remove(worker);
            count = asleep.size();
            return was;
        } finally {
            lock.unlock();
        }
    }

    void wakeAll() {
        List<Worker> all;
        lock.lock();
        try {
            all = new ArrayList<>(asleep);
            asleep.clear();
            count = 0;
        } finally {
            lock.unlock();
        }
        all.forEach(worker -> worker.wake(false));
    }

    private @Nullable Worker pop() {
        lock.lock();
        try {
            Worker worker = asleep.pollLast();
            count = asleep.size();
            return worker;
        } finally {
            lock.unlock();
        }
    }
}
