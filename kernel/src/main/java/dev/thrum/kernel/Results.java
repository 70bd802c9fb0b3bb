package dev.thrum.kernel;

import static java.util.stream.Collectors.joining;

import dev.thrum.scope.Trace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The results of a channel, in the order they came.
final class Results {
    /*
     * Workers push jobs onto a stack, each with one compare-and-set. A receiver takes the whole stack at once, turns it
     * round, and serves itself and the receivers after it from that list: while there is more than one result, receivers
     * do not touch what the workers write. The list belongs to whoever holds `taking`, for a few instructions.
     *
     * A receiver that finds nothing spins a little, then joins the waiters, then looks again, then parks. A worker pushes,
     * then looks whether anybody waits. Both are volatile, so one of the two sees the other. Each push takes at most one
     * waiter out and wakes it, so those after it do not pay for a receiver that is on its way. A waiter that was
     * woken and leaves, with a result or without, wakes the next one if there is more.
     *
     * What workers write lies on another cache line than what receivers write.
     */

    @SuppressWarnings("UnusedVariable") // keeps what follows on a cache line of its own
    private static class Gap {
        long gap1, gap2, gap3, gap4, gap5, gap6, gap7, gap8, gap9, gap10, gap11, gap12, gap13, gap14, gap15;
    }

    /// What workers write.
    private static final class Pushed extends Gap {
        volatile @Nullable ChannelJob top;
        volatile int waiting; // how many receivers are not yet woken; written under the lock
    }

    /// A receiver that waits.
    private static final class Waiter {
        private final Thread thread;
        private volatile boolean woken;

        Waiter(Thread thread) {
            this.thread = thread;
        }
    }

    private static final VarHandle TOP;
    private static final VarHandle TAKING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOP = lookup.findVarHandle(Pushed.class, "top", ChannelJob.class);
            TAKING = lookup.findVarHandle(Results.class, "taking", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Team team;
    private final @Nullable Window window;
    private final String site = Trace.ON ? Trace.site(this) : "";
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(); // guarded by lock; not yet woken
    private final Spin spin;
    private final Pushed pushed = new Pushed();
    private volatile boolean taking;

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

    /// {@return who waits for a result, as a sentence}
    String receivers() {
        lock.lock();
        try {
            return waiters.isEmpty()
                    ? "nobody is receiving"
                    : waiters.stream().map(waiter -> waiter.thread.getName()).collect(joining(", ")) + " is receiving";
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        String bound = window == null ? "" : ", capacity " + window.capacity() + ", held back " + window.held();
        return "channel to " + team.name() + bound + (site.isEmpty() ? "" : ", made at " + site);
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
            above = pushed.top;
            job.next = above;
        } while (!TOP.compareAndSet(pushed, above, job));
        if (pushed.waiting > 0) {
            wakeOne();
        }
    }

    private void wakeOne() {
        Waiter first;
        lock.lock();
        try {
            first = waiters.pollFirst();
            pushed.waiting = waiters.size();
        } finally {
            lock.unlock();
        }
        if (first != null) {
            first.woken = true;
            LockSupport.unpark(first.thread);
        }
    }

    /// {@return the next result, or null if there is none}
    @Nullable ChannelJob poll() {
        if (ready == null && isEmpty()) { // asked first, because no worker writes it
            return null;
        }
        return take();
    }

    /// {@return whether there is none} In this order: whoever takes the stack holds `taking` until the rest of it is ready.
    private boolean isEmpty() {
        return pushed.top == null && !taking && ready == null;
    }

    /// {@return the next result, waiting for it; null if the time is over}
    @Nullable ChannelJob poll(long nanos) throws InterruptedException {
        ChannelJob job = poll();
        if (job != null) {
            return job;
        }
        if (spin.isWorthwhile(team.awake()) && spin.until(() -> pushed.top != null)) {
            job = poll();
            if (job != null) {
                return job;
            }
        }
        return await(nanos);
    }

    private @Nullable ChannelJob await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (; ; ) {
            Waiter waiter = join();
            ChannelJob job = take();
            boolean over = job != null || !park(waiter, nanos == Long.MAX_VALUE, deadline);
            leave(waiter);
            if (job == null) {
                job = take();
            }
            if (job != null) {
                return job;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (over) {
                return null;
            }
        }
    }

    /// {@return whether it was woken, and not interrupted or too late}
    private boolean park(Waiter waiter, boolean forever, long deadline) {
        while (!waiter.woken) {
            long left = forever ? Long.MAX_VALUE : deadline - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    private Waiter join() {
        Waiter waiter = new Waiter(Thread.currentThread());
        lock.lock();
        try {
            waiters.addLast(waiter);
            pushed.waiting = waiters.size();
        } finally {
            lock.unlock();
        }
        return waiter;
    }

    /// Stops waiting. If it was woken, and there is more than it takes, the wake-up was another one's too.
    private void leave(Waiter waiter) {
        boolean woken;
        lock.lock();
        try {
            woken = !waiters.remove(waiter);
            pushed.waiting = waiters.size();
        } finally {
            lock.unlock();
        }
        if (woken && pushed.waiting > 0 && hasMore()) {
            wakeOne();
        }
    }

    private boolean hasMore() {
        beginTaking();
        boolean more = ready != null || pushed.top != null;
        TAKING.setRelease(this, false);
        return more;
    }

    private @Nullable ChannelJob take() {
        beginTaking();
        ChannelJob job = ready;
        if (job == null) {
            job = reversed((ChannelJob) TOP.getAndSet(pushed, null));
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

    @SuppressWarnings("ThreadPriorityCheck") // the holder may need this core for a few instructions
    private void beginTaking() {
        for (int i = 1; !TAKING.compareAndSet(this, false, true); i++) {
            if (i % 64 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
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
