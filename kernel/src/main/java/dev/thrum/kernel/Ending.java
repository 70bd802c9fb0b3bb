package dev.thrum.kernel;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The end of a kernel: a thread of its own waits for the workers, so that nobody else has to.
final class Ending {
    /*
     * All workers are daemons, because any of them may become a zombie, and nobody can make a daemon of a thread that
     * runs. So it is this thread that keeps the JVM alive, where the configuration asks for it: then it is no daemon, and
     * starts with the kernel.
     *
     * Where the system has no thread for it, the kernel is sealed and its workers end, but nobody tells of the end: whoever
     * wanted that hears why, and the next one who wants it tries again.
     */
    private static final System.Logger LOG = System.getLogger("dev.thrum.kernel");
    private static final long BETWEEN_KILLS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Team team;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Latch sealed = new Latch(1);
    private final Latch done = new Latch(1);
    private final List<Resolver<List<Zombie>>> waiting = new ArrayList<>(); // guarded by this
    private boolean managed; // guarded by this
    private volatile boolean killing; // everything is killed and dropped from now on

    Ending(Team team) {
        this.team = team;
    }

    boolean hasBegun() {
        return begun.get();
    }

    /// Keeps the JVM from exiting before the end, if it should.
    /// @return why it cannot, or null
    @Nullable KernelCreationException keepAlive() {
        if (team.config().daemon()) {
            return null;
        }
        try {
            startManager();
            return null;
        } catch (IllegalStateException noThread) {
            return new KernelCreationException(team + " could not be started", noThread);
        }
    }

    /// Ends a kernel that could not be started as a whole.
    void follow(KernelCreationException failure) {
        try {
            begin();
            await();
        } catch (IllegalStateException noThread) { // the workers end by themselves
            failure.addSuppressed(noThread);
        }
    }

    /// Lets the kernel end. Only the first call does anything, unless no thread could be had.
    /// @throws IllegalStateException if its thread cannot be had
    void begin() {
        if (begun.compareAndSet(false, true)) {
            team.seal();
            sealed.countDown();
        }
        startManager();
    }

    private synchronized void startManager() {
        if (!managed) {
            try {
                Thread.ofPlatform()
                        .name(team.name() + "-end")
                        .daemon(team.config().daemon())
                        .start(this::manage);
            } catch (Throwable noThread) {
                throw new IllegalStateException("no thread can be had that waits for the end of " + team, noThread);
            }
            managed = true;
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
        all.forEach(resolver -> tell(resolver, zombies));
    }

    /// The home that is told may throw; the others are to hear of the end all the same.
    private static void tell(Resolver<List<Zombie>> resolver, List<Zombie> zombies) {
        try {
            resolver.resolve(zombies);
        } catch (Throwable problem) {
            Home.root().report(problem, Scope.root());
        }
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
