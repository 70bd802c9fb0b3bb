package dev.thrum.kernel;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Tells how old running tasks are, at no cost for the tasks.
final class WorkClock {
    /*
     * Reading the time for each task would cost a third of what the task itself costs. Instead a timer looks every
     * TICK at how many tasks each worker has served: where the number has changed, the current task is young. It ticks
     * while anybody is awake or a channel is full; a worker that wakes up winds it up again, and so does a channel.
     */
    private static final Duration TICK = Duration.ofMillis(50);

    private final Team team;
    private final Diagnosis diagnosis;
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final Seen[] seen; // guarded by this

    private static final class Seen {
        private long worker;
        private long served = -1;
        private long since;
    }

    WorkClock(Team team, int workers, Diagnosis diagnosis) {
        this.team = team;
        this.diagnosis = diagnosis;
        this.seen = new Seen[workers];
        for (int i = 0; i < workers; i++) {
            seen[i] = new Seen();
        }
    }

    /// Called by a worker that wakes up.
    void wind() {
        if (!ticking.get() && ticking.compareAndSet(false, true)) {
            schedule();
        }
    }

    Duration age(Worker worker) {
        return Duration.ofNanos(look(worker));
    }

    private void tick() {
        diagnosis.look(youngest());
        if (team.needsClock()) {
            schedule();
        } else {
            ticking.set(false);
            if (team.needsClock()) { // since we looked; its wind() may have found the clock ticking
                wind();
            }
        }
    }

    private void schedule() {
        Scope.root().run(() -> Home.root().schedule(TICK, this::tick));
    }

    /// {@return the age of the youngest task; zero if a worker has none}
    private long youngest() {
        AtomicLong youngest = new AtomicLong(Long.MAX_VALUE);
        team.roster().forEach(worker -> {
            long age = look(worker);
            youngest.accumulateAndGet(worker.job() == null ? 0 : age, Math::min);
        });
        return youngest.get();
    }

    private synchronized long look(Worker worker) {
        Seen last = seen[worker.index()];
        long now = System.nanoTime();
        if (last.worker != worker.threadId() || last.served != worker.served()) {
            last.worker = worker.threadId();
            last.served = worker.served();
            last.since = now;
        }
        return now - last.since;
    }
}
