package dev.thrum.kernel;

import java.lang.ref.Cleaner;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets so many tasks of a bounded channel into the kernel that their results have room in it, and holds the others
/// back. No worker ever waits for room.
final class Window {
    /*
     * A submission puts its job at the end of `held`, a receive gives room back, and both then let in what they can:
     * with every hand-over in the same order, first the job or the room, then the look at the other, none is left lying
     * with room beside it. A job is taken from `held` and given to the kernel under `handing`: the end of the kernel lets
     * everything in before it seals, and so waits for a hand-over that it finds under way. Once the kernel is ending there
     * is room for everything: what was submitted is run. So it is once nobody refers to the channel any more, since nobody
     * can make room then.
     */
    private static final Cleaner CLEANER = Cleaner.create();

    private final Team team;
    private final int capacity;
    private final AtomicInteger room;
    private final ConcurrentLinkedQueue<ChannelJob> held = new ConcurrentLinkedQueue<>();
    private final ReentrantLock handing = new ReentrantLock();
    private final LongAdder receives = new LongAdder();
    private long seen = -1; // of the receives, at the last look that saw them move; on the clock's thread only
    private long since; // that look; on the clock's thread only
    private boolean told; // on the clock's thread only

    Window(Team team, int capacity) {
        this.team = team;
        this.capacity = capacity;
        this.room = new AtomicInteger(capacity);
    }

    /// Lets everything in when `lease` is not reachable any more.
    void releaseAfter(Object lease) {
        CLEANER.register(lease, this::release);
    }

    int capacity() {
        return capacity;
    }

    boolean isHolding() {
        return !held.isEmpty();
    }

    int held() {
        return held.size();
    }

    void submit(ChannelJob job) {
        if (team.isEnding()) {
            team.submit(job);
            return;
        }
        held.add(job);
        letIn();
        if (!held.isEmpty()) {
            team.holding(this);
            if (team.isEnding()) {
                release();
            }
            letIn();
        }
    }

    void received() {
        receives.increment();
        room.incrementAndGet();
        letIn();
    }

    /// Takes the room of a result that comes without having been let in.
    void bypass() {
        room.decrementAndGet();
    }

    /// Lets everything in, room or not.
    void release() {
        while (handOver()) {
            Thread.onSpinWait(); // until there is none left
        }
        note();
    }

    void forEach(Consumer<? super Job> action) {
        held.forEach(action);
    }

    /// {@return whether nobody has received for so long, once for each time that holds}
    /// @param now the time
    /// @param patience how long
    boolean isStuck(long now, long patience) {
        long count = receives.sum();
        if (count != seen) {
            seen = count;
            since = now;
            told = false;
        }
        if (told || now - since < patience) {
            return false;
        }
        told = true;
        return true;
    }

    /// {@return who waits for room, and who does what about it}
    String diagnosis() {
        ChannelJob first = held.peek();
        if (first == null) {
            return "nothing waits for room any more";
        }
        String site = first.terms.site.isEmpty() ? "" : ", submitted at " + first.terms.site;
        return Diagnosis.tasks(held()) + " for room in " + first.results() + ", from which " + first.results().receivers()
                + "; the first is of category " + first.terms.category + site;
    }

    private void letIn() {
        while (!held.isEmpty() && takeRoom()) {
            if (!handOver()) {
                room.incrementAndGet();
            }
        }
        note();
    }

    /// Lets the first one in, room or not.
    /// @return false if there is none
    private boolean handOver() {
        ChannelJob job;
        RejectedExecutionException late;
        handing.lock();
        try {
            job = held.poll();
            if (job == null) {
                return false;
            }
            late = refusal(job);
        } finally {
            handing.unlock();
        }
        if (late != null) {
            team.kills().drop(job, late); // it was submitted while the kernel ended: its receiver hears of it
        }
        return true;
    }

    private @Nullable RejectedExecutionException refusal(ChannelJob job) {
        try {
            team.submit(job);
            return null;
        } catch (RejectedExecutionException ended) {
            return ended;
        }
    }

    /// Lets the kernel know whether anything is held back.
    private void note() {
        boolean holding;
        handing.lock();
        try {
            if (held.isEmpty()) {
                team.notHolding(this);
            }
            holding = isHolding(); // since then
        } finally {
            handing.unlock();
        }
        if (holding) {
            team.holding(this);
        }
    }

    private boolean takeRoom() {
        int now = room.get();
        while (now > 0) {
            if (room.compareAndSet(now, now - 1)) {
                return true;
            }
            now = room.get();
        }
        return false;
    }
}
