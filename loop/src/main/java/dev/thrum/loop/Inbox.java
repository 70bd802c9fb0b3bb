package dev.thrum.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The work that any thread posts to a loop, in order, and the bell that wakes the loop for it.
final class Inbox {
    /*
     * A list of segments with a slot for each action. A producer claims a slot with one fetch-and-add, looks whether the
     * loop sleeps, writes the slot, and rings if it did. There is no node to allocate, and no loop of retries but at the
     * end of a segment. Claims beyond the last slot mean nothing: their makers go on to the next segment. Nor do claims of a
     * closed one, of which a long cannot count too many.
     *
     * The loop takes what is written. A slot that is claimed, but not written yet, is as good as empty for taking, but not
     * for sleeping: before it sleeps the loop says so and then compares the claims with its own position. So either the
     * producer, whose claim came first, is seen by the loop, or the loop is seen sleeping by the producer. Both the claim
     * and `asleep` are volatile for that reason.
     *
     * A producer is fast for as long as its cache owns what it writes. So the loop looks at slots, and at the segment with
     * its claims only before it sleeps; it clears slots when it has run a batch; and its position has a cache line of its
     * own. It ends a batch where it finds a slot empty: `Turns` then lets the producers get ahead again.
     *
     * Closing is a claim of CLOSED slots. It succeeds by compare-and-set only while nobody else has claimed any, so what
     * was accepted is never left behind, unless the loop wants to drop it.
     *
     * Producers write `tail` and the claims; the loop writes `head` and the position.
     */
    private static final int SIZE = 512;
    private static final long CLOSED = 1L << 62;
    private static final int AT = 16; // a cache line from either end of an array of ints

    private static final VarHandle CLAIMS;
    private static final VarHandle NEXT;
    private static final VarHandle TAIL;
    private static final VarHandle ASLEEP;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CLAIMS = lookup.findVarHandle(Segment.class, "claims", long.class);
            NEXT = lookup.findVarHandle(Segment.class, "next", Segment.class);
            TAIL = lookup.findVarHandle(Inbox.class, "tail", Segment.class);
            ASLEEP = lookup.findVarHandle(Inbox.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Segment {
        final @Nullable Object[] slots = new @Nullable Object[SIZE]; // of actions; objects need no check; written with release
        volatile long claims;
        volatile @Nullable Segment next; // written once
    }

    private final Runnable bell;
    private volatile Segment tail = new Segment(); // where to claim; may lag behind
    private volatile boolean asleep; // the loop is about to wait, or waits
    private Segment head = tail; // loop thread only
    private @Nullable Object[] slots = head.slots; // of the head
    private final int[] position = new int[2 * AT + 1]; // at AT: of what comes next; loop thread only

    /// @param bell wakes the loop; called at most once for each sleep
    Inbox(Runnable bell) {
        this.bell = bell;
    }

    // ---- any thread

    /// {@return whether the action was accepted; false once this is closed}
    boolean offer(Runnable action) {
        Segment segment = tail;
        long index = (long) CLAIMS.getAndAdd(segment, 1L);
        while (index >= SIZE) {
            if (index >= CLOSED) {
                return false;
            }
            segment = nextOf(segment);
            index = (long) CLAIMS.getAndAdd(segment, 1L);
        }
        boolean ring = asleep;
        SLOT.setRelease(segment.slots, (int) index, action);
        if (ring) {
            ring();
        }
        return true;
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

    /// Runs up to `limit` actions, as far as they are written.
    /// @return how many there were
    int drain(int limit, Consumer<Runnable> runner) {
        int left = limit;
        do {
            left -= drainSegment(left, runner);
        } while (left > 0 && position[AT] == SIZE && hasNext());
        return limit - left;
    }

    /// Runs what is written in the segment that comes next, and then forgets it.
    private int drainSegment(int limit, Consumer<Runnable> runner) {
        moveOn();
        @Nullable Object[] slots = this.slots;
        int first = position[AT];
        int end = Math.min(SIZE, first + limit);
        int next = first;
        try {
            while (next < end && SLOT.getAcquire(slots, next) instanceof Runnable action) {
                position[AT] = ++next;
                runner.accept(action);
            }
        } finally {
            Arrays.fill(slots, first, next, null);
        }
        return next - first;
    }

    /// {@return whether there is something to take}
    boolean hasNext() {
        int index = position[AT];
        if (index == SIZE) {
            Segment next = head.next;
            return next != null && SLOT.getAcquire(next.slots, 0) != null;
        }
        return SLOT.getAcquire(slots, index) != null;
    }

    /// {@return what runs now, or did a moment ago} From any thread, while [#drain] runs.
    @Override
    public String toString() {
        Object action = SLOT.getAcquire(head.slots, Math.max(0, position[AT] - 1));
        return action instanceof LoopHandle handle
                ? handle.toString()
                : "posted work" + (action == null ? "" : " " + action.getClass().getName());
    }

    /// {@return whether nobody has claimed a slot that was not taken}
    boolean isEmpty() {
        return !hasNext() && size() == 0;
    }

    /// {@return how many actions wait}
    int size() {
        long size = -position[AT];
        for (Segment segment = head; segment != null; segment = segment.next) {
            long claims = segment.claims;
            size += claims >= CLOSED ? 0 : Math.min(claims, SIZE);
        }
        return (int) Math.max(size, 0);
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
        return CLAIMS.compareAndSet(head, (long) position[AT], CLOSED) || head.claims >= CLOSED;
    }

    /// Closes this and drops what is in it.
    void close() {
        moveOn();
        while (head.claims < CLOSED && (long) CLAIMS.getAndAdd(head, CLOSED) >= SIZE) {
            position[AT] = SIZE;
            moveOn();
        }
        var nothing = new Segment();
        nothing.claims = CLOSED;
        begin(nothing);
        tail = nothing;
    }

    private void moveOn() {
        if (position[AT] == SIZE) {
            begin(nextOf(head));
        }
    }

    private void begin(Segment segment) {
        head = segment;
        slots = segment.slots;
        position[AT] = 0;
    }
}
