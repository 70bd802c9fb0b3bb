package dev.thrum.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An unbounded first-in first-out queue of jobs between any number of submitters and workers, which can be sealed.
final class RunQueue {
    /*
     * A list of segments, each an array whose slots are given out by a counter for submitters, and passed by a counter
     * for workers (after "FAAArrayQueue", Correia and Ramalhete 2016). A submitter takes the next index and swings the
     * slot from null to its job. A worker looks at the slot that comes next; if it holds a job, the worker that moves the
     * counter past it owns it. No node is allocated for a job: a slot is 4 bytes, a segment 4 KiB for a thousand jobs.
     *
     * A slot that was given out and is still null belongs to a submitter in the midst of its offer. A worker gives it a
     * moment, and then burns the slot: it swings it from null to BURNT, the submitter's own swing fails, and the
     * submitter takes another index. So nobody ever waits long for a thread that was descheduled.
     *
     * While jobs wait, workers do not read the submitters' counter: a line that the one writes and the other reads for
     * each job would cost both a cache miss each time. The two counters lie on lines of their own for the same reason.
     *
     * Order: a job that was offered before another offer began is polled before it.
     *
     * Sealing links the END segment behind the last one, so that nothing can be appended, and then uses the last
     * segment's indexes up; `limit` remembers how many had been given out. A submitter that owned an index before the
     * seal still gets its job in, or finds its slot burnt and the queue sealed: `offer` says which. A sealed queue that
     * was seen empty stays empty.
     */

    private static final int SIZE = 1024;
    private static final int PATIENCE = 64;
    private static final Object BURNT = new Object();
    private static final Segment END = new Segment(0);
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle NEXT;
    private static final VarHandle GIVEN;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(RunQueue.class, "head", Segment.class);
            TAIL = lookup.findVarHandle(RunQueue.class, "tail", Segment.class);
            NEXT = lookup.findVarHandle(Segment.class, "next", Segment.class);
            GIVEN = lookup.findVarHandle(Segment.class, "given", long.class);
            TAKEN = lookup.findVarHandle(Taken.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static class Taken {
        volatile long taken; // the slot that comes next for workers
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
            long index = first.taken;
            if (index >= SIZE) {
                Segment next = first.next;
                if (next == null || next == END) {
                    return null;
                }
                HEAD.compareAndSet(this, first, next);
                continue;
            }
            Object job = SLOT.getAcquire(first.slots, (int) index);
            if (job instanceof Job found) {
                if (TAKEN.compareAndSet(first, index, index + 1)) {
                    SLOT.setOpaque(first.slots, (int) index, null); // for the collector: nobody looks here again
                    return found;
                }
            } else if (job == BURNT) {
                TAKEN.compareAndSet(first, index, index + 1);
            } else if (index >= Math.min(first.given, first.limit)) {
                return null;
            } else {
                awaitOrBurn(first, index);
            }
        }
    }

    private static void awaitOrBurn(Segment segment, long index) {
        for (int i = 0; i < PATIENCE; i++) {
            if (segment.taken != index || SLOT.getAcquire(segment.slots, (int) index) != null) {
                return;
            }
            Thread.onSpinWait();
        }
        SLOT.compareAndSet(segment.slots, (int) index, null, BURNT);
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

    /// Takes every job there is.
    void drain(Consumer<? super Job> action) {
        for (Job job = poll(); job != null; job = poll()) {
            action.accept(job);
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
