package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The timers of a loop, by the tick at which they are due.
///
/// Loop thread only.
final class TimerWheel {
    /*
     * Four levels of 256 slots; a slot is a ring of timers, first made first. Level 0 has a slot for each tick of the
     * block of 256 ticks that `now` lies in, level 1 a slot for each block of the 65,536 ticks around `now`, and so on;
     * what is further off waits in OVERFLOW. So the level of a timer is told by the highest bit in which its tick differs
     * from `now`, and not by its distance: a slot below level 3 is empty until `now` enters its block and the slot above
     * is emptied into it. Timers that were made early therefore stand before those made later directly, and timers of one
     * tick leave in the order they were made in.
     *
     * A bit for each slot tells which are occupied, so that finding the next one costs a few instructions, however far
     * off it is.
     *
     * A timer made for a tick that has been collected already waits in LATE, and is READY in the next turn.
     */
    private static final int LEVELS = 4;
    private static final int SLOTS = 256;
    private static final int MASK = SLOTS - 1;
    private static final short OVERFLOW = LEVELS * SLOTS;
    private static final short LATE = OVERFLOW + 1;
    private static final short READY = LATE + 1;
    private static final short NOWHERE = READY + 1;

    private final @Nullable LoopHandle[] rings = new @Nullable LoopHandle[NOWHERE];
    private final long[] occupied = new long[LEVELS * SLOTS / Long.SIZE];
    private long now; // the tick up to which timers were collected
    private int size;

    int size() {
        return size;
    }

    void add(LoopTimer timer, long tick) {
        timer.tick = tick;
        size++;
        place(timer, LATE);
    }

    void remove(LoopTimer timer) {
        if (timer.slot != NOWHERE) {
            unlink(timer);
        }
    }

    /// Makes ready what is due at `tick` or before.
    void collect(long tick) {
        moveAll(LATE);
        for (long next = nextInWheel(); next <= tick; next = nextInWheel()) {
            now = next;
            cascade();
            moveAll((int) (now & MASK));
        }
        now = Math.max(now, tick);
    }

    /// {@return the first timer that is ready, taken out; null if there is none}
    @Nullable LoopTimer take() {
        if (rings[READY] instanceof LoopTimer timer) {
            unlink(timer);
            return timer;
        }
        return null;
    }

    /// {@return the tick at which [#collect] is to be called, at the latest; `Long.MAX_VALUE` if no timer waits}
    long next() {
        return rings[LATE] == null && rings[READY] == null ? nextInWheel() : now;
    }

    void forEach(Consumer<LoopTimer> action) {
        for (LoopHandle ring : rings) {
            for (LoopHandle each = ring; ring != null && each != null; each = each.following(ring)) {
                action.accept((LoopTimer) each);
            }
        }
    }

    // ---- where a timer waits

    private void place(LoopTimer timer, short ifDue) {
        long distance = timer.tick ^ now;
        if (timer.tick <= now) {
            link(timer, ifDue);
        } else if (distance >>> (LEVELS * 8) != 0) {
            link(timer, OVERFLOW);
        } else {
            int level = (63 - Long.numberOfLeadingZeros(distance)) >>> 3;
            link(timer, (short) (level * SLOTS + (int) ((timer.tick >>> (level * 8)) & MASK)));
        }
    }

    private void link(LoopTimer timer, short slot) {
        timer.slot = slot;
        LoopHandle ring = rings[slot];
        LoopHandle longer = timer.appendTo(ring);
        if (ring == null) {
            rings[slot] = longer;
            if (slot < OVERFLOW) {
                occupied[slot >>> 6] |= 1L << slot;
            }
        }
    }

    private void unlink(LoopTimer timer) {
        detach(timer);
        timer.slot = NOWHERE;
        size--;
    }

    private void detach(LoopTimer timer) {
        short slot = timer.slot;
        LoopHandle ring = requireNonNull(rings[slot]);
        LoopHandle shorter = timer.removeFrom(ring);
        if (shorter != ring) {
            rings[slot] = shorter;
            if (shorter == null && slot < OVERFLOW) {
                occupied[slot >>> 6] &= ~(1L << slot);
            }
        }
    }

    /// Places the timers of a slot anew: in READY if they are due now.
    private void moveAll(int slot) {
        LoopHandle last = null;
        while (rings[slot] instanceof LoopTimer timer && timer != last) {
            detach(timer);
            place(timer, READY);
            if (timer.slot == slot && last == null) {
                last = timer; // only OVERFLOW can get its own timers back
            }
        }
    }

    // ---- what comes next

    /// Empties the slots above whose block begins now.
    private void cascade() {
        if ((now & 0xFFFF_FFFFL) == 0) {
            moveAll(OVERFLOW);
        }
        for (int level = LEVELS - 1; level > 0; level--) {
            if ((now & ((1L << (level * 8)) - 1)) == 0) {
                moveAll(level * SLOTS + (int) ((now >>> (level * 8)) & MASK));
            }
        }
    }

    private long nextInWheel() {
        for (int level = 0; level < LEVELS; level++) {
            int shift = level * 8;
            int slot = nextOccupied(level, (int) ((now >>> shift) & MASK) + 1);
            if (slot < SLOTS) {
                return ((now >>> (shift + 8)) << (shift + 8)) + ((long) slot << shift);
            }
        }
        return rings[OVERFLOW] == null ? Long.MAX_VALUE : ((now >>> 32) + 1) << 32;
    }

    /// {@return the first occupied slot of the level at `from` or behind it; SLOTS if there is none}
    private int nextOccupied(int level, int from) {
        if (from == SLOTS) {
            return SLOTS;
        }
        int base = level * SLOTS / Long.SIZE;
        int word = from >>> 6;
        long bits = occupied[base + word] & (-1L << from);
        while (bits == 0 && ++word < SLOTS / Long.SIZE) {
            bits = occupied[base + word];
        }
        return bits == 0 ? SLOTS : word * Long.SIZE + Long.numberOfTrailingZeros(bits);
    }

    @Override
    public String toString() {
        return size + " timers at tick " + now + ", occupied " + Arrays.toString(occupied);
    }
}
