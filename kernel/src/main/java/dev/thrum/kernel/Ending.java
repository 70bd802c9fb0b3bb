package dev.thrum.kernel;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The end of a kernel: a thread of its own waits for the workers, so that nobody else has to.
final class Ending {
    /*
     * All workers are daemons, because any of them may become a zombie, and nobody can make a daemon of a thread that
     * runs. So it is this thread that keeps the JVM alive, where the configuration asks for it: then it is no daemon, and
     * starts with the kernel.
     */
    private static final System.Logger LOG = System.getLogger("dev.thrum.kernel");
    private static final long BETWEEN_KILLS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Team team;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Latch sealed = new Latch(1);
    private final AtomicBoolean managed = new AtomicBoolean();
    private final Latch done = new Latch(1);
    private final List<Resolver<List<Zombie>>> waiting = new ArrayList<>(); // guarded by this
    private volatile boolean killing; // everything is killed and dropped from now on

    Ending(Team team) {
        this.team = team;
    }

    boolean hasBegun() {
        return begun.get();
    }

    /// Keeps the JVM from exiting before the end, if it should.
    void keepAlive() {
        if (!team.config().daemon()) {
            startManager();
        }
    }

    /// Lets the kernel end. Only the first call does anything.
    void begin() {
        if (begun.compareAndSet(false, true)) {
            team.seal();
            sealed.countDown();
            startManager();
        }
    }

    private void startManager() {
        if (managed.compareAndSet(false, true)) {
            Thread.ofPlatform()
                    .name(team.name() + "-end")
                    .daemon(team.config().daemon())
                    .start(this::manage);
        }
    }

    boolean isOver() {
        return done.getCount() == 0;
    }

    /// {@return whether the end has come within that time}
    boolean awaitFor(long nanos) throws InterruptedException {
        return done.await(nanos, TimeUnit.NANOSECONDS);
    }

    Promise<List<Zombie>> promise() {
        Resolver<List<Zombie>> resolver = Resolver.holding();
        synchronized (this) {
            if (done.getCount() > 0) {
                waiting.add(resolver);
                return resolver.promise();
            }
        }
        resolver.resolve(team.zombies());
        return resolver.promise();
    }

    /// Waits for the end. An interrupt has everything killed, and is kept.
    void await() {
        done.awaitKeeping(() -> killing = true);
    }

    // ---- on the thread of its own, which is nobody else's to interrupt

    private void manage() {
        sealed.awaitThrough();
        awaitWorkers();
        KernelCreationException failure = team.roster().failure();
        String why = "the kernel ended without a worker left to run this task";
        team.drain(failure != null ? failure : new TaskKilledException(why, null));
        List<Zombie> zombies = team.zombies();
        if (!zombies.isEmpty()) {
            LOG.log(Level.WARNING, "{0}, but threads of killed tasks run on: {1}", team, zombies);
        }
        team.leaveDumps();
        List<Resolver<List<Zombie>>> all;
        synchronized (this) {
            done.countDown();
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(resolver -> resolver.resolve(zombies));
    }

    private void awaitWorkers() {
        long patience = team.config().limits().killTimeout().map(TimeUnit.NANOSECONDS::convert).orElse(Long.MAX_VALUE);
        long deadline = System.nanoTime() + Math.min(patience, Long.MAX_VALUE / 2);
        while (!team.roster().awaitEnd(Math.min(BETWEEN_KILLS, Math.max(0, deadline - System.nanoTime())))) {
            if (killing || System.nanoTime() - deadline >= 0) {
                TaskKilledException reason = new TaskKilledException("killed at the end of " + team.name(), null);
                team.kills().drop(job -> true, reason);
                team.kills().killRunning(job -> true, reason);
                deadline = System.nanoTime() + BETWEEN_KILLS;
            }
        }
    }
}
