package dev.thrum.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An unbounded first-in first-out queue of jobs between any number of submitters and workers, which can be sealed.
final class RunQueue {
    /*
     * A list of segments, each an array whose slots are given out by two counters, one for submitters and one for
     * workers ("FAAArrayQueue", Correia and Ramalhete 2016). A submitter takes the next index and swings the slot from
     * null to its job; a worker takes the next index and swaps TAKEN in. Where the worker was faster than the submitter
     * that owns the slot, the submitter's swing fails, the slot is burnt, and the submitter takes another index. So
     * nobody ever waits for a thread that was descheduled in the middle, and no node is allocated for a job: a slot is
     * 4 bytes and a segment costs 4 KiB for a thousand jobs.
     *
     * Order: a job that was offered before another offer began is polled before it.
     *
     * Sealing links the END segment behind the last one, so that nothing can be appended, and then uses the last
     * segment's indexes up; `limit` remembers how many had been given out. A submitter that owned an index before the
     * seal still gets its job in, or burns the slot and finds the queue sealed: `offer` says which. Once a sealed queue
     * was seen empty by everybody's counters, it stays empty.
     *
     * The counters lie on cache lines of their own: submitters do not slow workers down while both are busy.
     */

    private static final int SIZE = 1024;
    private static final int PATIENCE = 64;
    private static final Object TAKEN = new Object();
    private static final Segment END = new Segment(0);
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle NEXT;
    private static final VarHandle GIVEN;
    private static final VarHandle TAKE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(RunQueue.class, "head", Segment.class);
            TAIL = lookup.findVarHandle(RunQueue.class, "tail", Segment.class);
            NEXT = lookup.findVarHandle(Segment.class, "next", Segment.class);
            GIVEN = lookup.findVarHandle(Segment.class, "given", long.class);
            TAKE = lookup.findVarHandle(Taken.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static class Taken {
        volatile long taken; // indexes given to workers
    }

    @SuppressWarnings("UnusedVariable") // keeps the counters on different cache lines
    private static class Gap extends Taken {
        long gap1, gap2, gap3, gap4, gap5, gap6, gap7, gap8, gap9, gap10, gap11, gap12, gap13, gap14, gap15;
    }

    private static final class Segment extends Gap {
        volatile long given; // indexes given to submitters
        volatile long limit; // how many of them count: fewer than the slots after a seal
        volatile @Nullable Segment next;
        final @Nullable Object[] slots;

        Segment(int size) {
            slots = new Object[size];
            limit = size;
        }

        boolean isSpent() {
            return taken >= Math.min(given, limit);
        }
    }

    private volatile Segment head;
    private volatile Segment tail;

    RunQueue() {
        Segment first = new Segment(SIZE);
        head = first;
        tail = first;
    }

    /// {@return false if the queue was sealed before the job got in}
    boolean offer(Job job) {
        for (; ; ) {
            Segment last = tail;
            long index = (long) GIVEN.getAndAdd(last, 1L);
            if (index < SIZE) {
                if (SLOT.compareAndSet(last.slots, (int) index, null, job)) {
                    return true;
                }
                continue;
            }
            Segment next = last.next;
            if (next == null) {
                Segment fresh = new Segment(SIZE);
                fresh.slots[0] = job;
                fresh.given = 1;
                if (NEXT.compareAndSet(last, null, fresh)) {
                    TAIL.compareAndSet(this, last, fresh);
                    return true;
                }
            } else if (next == END) {
                return false;
            } else {
                TAIL.compareAndSet(this, last, next);
            }
        }
    }

    /// {@return the oldest job, or null if there is none}
    @Nullable Job poll() {
        for (; ; ) {
            Segment first = head;
            if (first.isSpent() && !advance(first)) {
                return null;
            }
            long index = (long) TAKE.getAndAdd(first, 1L);
            if (index < SIZE) {
                Job job = take(first, (int) index);
                if (job != null) {
                    return job;
                }
            }
        }
    }

    /// Takes the job of a slot that the caller owns. Where there is none yet, its submitter gets a moment before the slot
    /// is burnt; where there is one, its submitter has done with the slot.
    private static @Nullable Job take(Segment segment, int index) {
        for (int i = 0; i < PATIENCE && index < segment.limit; i++) {
            Object job = SLOT.getAcquire(segment.slots, index);
            if (job != null) {
                SLOT.setOpaque(segment.slots, index, null); // for the collector
                return (Job) job;
            }
            Thread.onSpinWait();
        }
        return (Job) SLOT.getAndSet(segment.slots, index, TAKEN);
    }

    /// {@return whether it is worth another try}
    private boolean advance(Segment spent) {
        Segment next = spent.next;
        if (next == null || next == END) {
            return !spent.isSpent();
        }
        if (spent.taken >= SIZE) {
            HEAD.compareAndSet(this, spent, next);
        }
        return true;
    }

    boolean isEmpty() {
        Segment first = head;
        if (!first.isSpent()) {
            return false;
        }
        Segment next = first.next;
        return next == null || next == END;
    }

    /// Lets nothing more in.
    void seal() {
        for (; ; ) {
            Segment last = tail;
            Segment next = last.next;
            if (next == END) {
                return;
            }
            if (next != null) {
                TAIL.compareAndSet(this, last, next);
            } else if (NEXT.compareAndSet(last, null, END)) {
                long given = (long) GIVEN.getAndAdd(last, (long) SIZE);
                last.limit = Math.min(given, SIZE);
                return;
            }
        }
    }

    /// {@return about how many jobs wait}
    int size() {
        long size = 0;
        for (Segment each = head; each != null && each != END; each = each.next) {
            size += Math.max(0, Math.min(each.given, each.limit) - each.taken);
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /// Shows every waiting job to `action`; those that come or go meanwhile may be shown or not.
    void forEach(Consumer<? super Job> action) {
        for (Segment each = head; each != null && each != END; each = each.next) {
            for (int i = (int) Math.min(SIZE, each.taken); i < Math.min(each.given, each.limit); i++) {
                if (SLOT.getVolatile(each.slots, i) instanceof Job job) {
                    action.accept(job);
                }
            }
        }
    }
}
