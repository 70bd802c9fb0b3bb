package dev.thrum.kernel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Lets so many tasks of a bounded channel into the kernel that their results have room in it, and holds the others
/// back. No worker ever waits for room.
final class Window {
    /*
     * A submission puts its job at the end of `held`, a receive gives room back, and both then let in what they can:
     * with every hand-over in the same order, first the job or the room, then the look at the other, none is left lying
     * with room beside it. Once the kernel is ending there is room for everything: what was submitted is run.
     */
    private final Team team;
    private final int capacity;
    private final AtomicInteger room;
    private final ConcurrentLinkedQueue<ChannelJob> held = new ConcurrentLinkedQueue<>();

    Window(Team team, int capacity) {
        this.team = team;
        this.capacity = capacity;
        this.room = new AtomicInteger(capacity);
    }

    int capacity() {
        return capacity;
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
        room.incrementAndGet();
        letIn();
    }

    /// Takes the room of a result that comes without having been let in.
    void bypass() {
        room.decrementAndGet();
    }

    /// Lets everything in, room or not.
    void release() {
        for (ChannelJob job = held.poll(); job != null; job = held.poll()) {
            try {
                team.submit(job);
            } catch (RejectedExecutionException late) {
                job.drop(late); // it was submitted while the kernel ended: its receiver hears of it
            }
        }
    }

    void forEach(Consumer<? super Job> action) {
        held.forEach(action);
    }

    private void letIn() {
        while (!held.isEmpty() && takeRoom()) {
            ChannelJob job = held.poll();
            if (job == null) {
                room.incrementAndGet();
            } else {
                team.submit(job);
            }
        }
        if (held.isEmpty()) {
            team.notHolding(this);
            if (!held.isEmpty()) {
                team.holding(this);
            }
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
