package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The work that any thread posts to a loop, in order, and the bell that wakes the loop for it.
final class Inbox {
    /*
     * A list of segments with a slot for each action. A producer claims a slot with one fetch-and-add, looks whether the
     * loop sleeps, writes the slot, and rings if it did. There is no node to allocate, and no loop of retries but at the
     * end of a segment. Claims beyond the last slot mean nothing: their makers go on to the next segment.
     *
     * The loop takes what is written. A slot that is claimed, but not written yet, is as good as empty for taking, but not
     * for sleeping: before it sleeps the loop says so and then compares the claims with its own position. So either the
     * producer, whose claim came first, is seen by the loop, or the loop is seen sleeping by the producer. Both the claim
     * and `asleep` are volatile for that reason.
     *
     * Closing is a claim of CLOSED slots. It succeeds by compare-and-set only while nobody else has claimed any, so what
     * was accepted is never left behind, unless the loop wants to drop it.
     *
     * Producers write `tail` and the claims; the loop writes `head` and `position`, once for each batch.
     */
    private static final int SIZE = 512;
    private static final int CLOSED = 1 << 30;

    private static final VarHandle CLAIMS;
    private static final VarHandle NEXT;
    private static final VarHandle TAIL;
    private static final VarHandle ASLEEP;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Runnable[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CLAIMS = lookup.findVarHandle(Segment.class, "claims", int.class);
            NEXT = lookup.findVarHandle(Segment.class, "next", Segment.class);
            TAIL = lookup.findVarHandle(Inbox.class, "tail", Segment.class);
            ASLEEP = lookup.findVarHandle(Inbox.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Segment {
        final @Nullable Runnable[] slots = new @Nullable Runnable[SIZE]; // written with release
        volatile int claims;
        volatile @Nullable Segment next; // written once
    }

    private final Runnable bell;
    private volatile Segment tail = new Segment(); // where to claim; may lag behind
    private volatile boolean asleep; // the loop is about to wait, or waits
    private Segment head = tail; // loop thread only
    private int position; // loop thread only

    /// @param bell wakes the loop; called at most once for each sleep
    Inbox(Runnable bell) {
        this.bell = bell;
    }

    // ---- any thread

    /// {@return whether the action was accepted; false once this is closed}
    boolean offer(Runnable action) {
        Segment segment = tail;
        while (segment.claims < CLOSED) { // or else refusals would be counted for ever
            int index = (int) CLAIMS.getAndAdd(segment, 1);
            if (index < SIZE) {
                boolean ring = asleep;
                SLOT.setRelease(segment.slots, index, action);
                if (ring) {
                    ring();
                }
                return true;
            }
            segment = index < CLOSED ? nextOf(segment) : segment;
        }
        return false;
    }

    /// Wakes the loop if it sleeps.
    void ring() {
        if (asleep && ASLEEP.compareAndSet(this, true, false)) {
            bell.run();
        }
    }

    private Segment nextOf(Segment full) {
        Segment next = full.next;
        if (next == null) {
            var fresh = new Segment();
            var other = (Segment) NEXT.compareAndExchange(full, null, fresh);
            next = other == null ? fresh : other;
        }
        TAIL.compareAndSet(this, full, next);
        return next;
    }

    // ---- the loop's thread

    /// Runs up to `limit` actions.
    /// @return whether there were any
    boolean drain(int limit, Consumer<Runnable> runner) {
        Segment segment = head;
        int index = position;
        int left = limit;
        try {
            while (left > 0) {
                if (index == SIZE) {
                    Segment next = segment.next;
                    if (next == null) {
                        break;
                    }
                    segment = next;
                    index = 0;
                }
                var action = (Runnable) SLOT.getAcquire(segment.slots, index);
                if (action == null) {
                    break;
                }
                left--;
                runner.accept(action);
                segment.slots[index] = null; // not before: it tells what runs
                index++;
            }
        } finally {
            head = segment;
            position = index;
        }
        return left < limit;
    }

    /// {@return what runs now, or did a moment ago} From any thread, while [#drain] runs.
    @Override
    public String toString() {
        for (Segment segment = head; segment != null; segment = segment.next) {
            for (int index = 0; index < SIZE; index++) {
                if (SLOT.getAcquire(segment.slots, index) instanceof Runnable action) {
                    return action instanceof LoopHandle handle
                            ? handle.toString()
                            : "posted work " + action.getClass().getName();
                }
            }
        }
        return "posted work";
    }

    /// {@return whether nobody has claimed a slot that was not taken}
    boolean isEmpty() {
        return size() == 0;
    }

    /// {@return how many actions wait}
    int size() {
        int size = -position;
        for (Segment segment = head; segment != null; segment = segment.next) {
            int claims = segment.claims;
            size += claims >= CLOSED ? 0 : Math.min(claims, SIZE);
        }
        return Math.max(size, 0);
    }

    void setAsleep(boolean sleeps) {
        if (asleep != sleeps) {
            asleep = sleeps;
        }
    }

    /// Closes this if it is empty.
    /// @return whether it is closed now
    boolean tryClose() {
        moveOn();
        return CLAIMS.compareAndSet(head, position, CLOSED) || head.claims >= CLOSED;
    }

    /// Closes this and drops what is in it.
    void close() {
        moveOn();
        while (head.claims < CLOSED && (int) CLAIMS.getAndAdd(head, CLOSED) >= SIZE) {
            position = SIZE;
            moveOn();
        }
        var nothing = new Segment();
        nothing.claims = CLOSED;
        head = nothing;
        position = 0;
        tail = nothing;
    }

    private void moveOn() {
        if (position == SIZE) {
            head = requireNonNull(nextOf(head));
            position = 0;
        }
    }
}
