package dev.thrum.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The results of a channel, in the order they came.
final class Results {
    /*
     * Workers push jobs onto a stack, each with one compare-and-set. A receiver takes the whole stack at once, turns it
     * round, and serves itself and the receivers after it from that list: while there is more than one result, receivers
     * do not touch what the workers write. The list belongs to whoever holds `taking`, for a few instructions.
     *
     * A receiver that finds nothing spins a little, then waits under the lock. It counts itself in `waiting`, then
     * looks again; a worker pushes, then reads `waiting`. Both are volatile, so one of the two sees the other. A
     * receiver that was signalled and interrupted at once takes the signal, so the next result is never without one.
     */

    private static final VarHandle TOP;
    private static final VarHandle TAKING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOP = lookup.findVarHandle(Results.class, "top", ChannelJob.class);
            TAKING = lookup.findVarHandle(Results.class, "taking", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Team team;
    private final @Nullable Window window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Spin spin;
    private volatile @Nullable ChannelJob top;
    @SuppressWarnings("UnusedVariable") // by its handle
    private volatile boolean taking;

    private volatile int waiting; // written under lock
    private @Nullable ChannelJob ready; // guarded by taking

    Results(Team team, int capacity) {
        this.team = team;
        this.window = capacity == Integer.MAX_VALUE ? null : new Window(team, capacity);
        this.spin = new Spin(team.config().spins());
    }

    Team team() {
        return team;
    }

    @Nullable Window window() {
        return window;
    }

    void submit(ChannelJob job) {
        if (window == null) {
            team.submit(job);
        } else {
            window.submit(job);
        }
    }

    void add(ChannelJob job) {
        ChannelJob above;
        do {
            above = top;
            job.next = above;
        } while (!TOP.compareAndSet(this, above, job));
        if (waiting > 0) {
            lock.lock();
            try {
                arrived.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /// {@return the next result, or null if there is none}
    @Nullable ChannelJob poll() {
        if (top == null && ready == null) {
            return null;
        }
        return take();
    }

    /// {@return the next result, waiting for it; null if the time is over}
    @Nullable ChannelJob poll(long nanos) throws InterruptedException {
        ChannelJob job = poll();
        if (job != null) {
            return job;
        }
        if (spin.isWorthwhile(team.awake()) && spin.until(() -> top != null)) {
            job = poll();
            if (job != null) {
                return job;
            }
        }
        return await(nanos);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private @Nullable ChannelJob await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            waiting++;
            long left = nanos;
            for (; ; ) {
                ChannelJob job = take();
                if (job != null || left <= 0) {
                    return job;
                }
                left = arrived.awaitNanos(left);
            }
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the holder may need this core for a few instructions
    private @Nullable ChannelJob take() {
        for (int i = 1; !TAKING.compareAndSet(this, false, true); i++) {
            if (i % 64 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
        ChannelJob job = ready;
        if (job == null) {
            job = reversed((ChannelJob) TOP.getAndSet(this, null));
        }
        if (job != null) {
            ready = job.next;
            job.next = null;
        }
        TAKING.setRelease(this, false);
        if (job != null && window != null) {
            window.received();
        }
        return job;
    }

    private static @Nullable ChannelJob reversed(@Nullable ChannelJob stack) {
        ChannelJob list = null;
        ChannelJob job = stack;
        while (job != null) {
            ChannelJob below = job.next;
            job.next = list;
            list = job;
            job = below;
        }
        return list;
    }
}
