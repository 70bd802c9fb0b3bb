package dev.thrum.kernel;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The end of a kernel: a thread of its own waits for the workers, so that nobody else has to.
final class Ending {
    private static final long BETWEEN_KILLS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Team team;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<Resolver<@Nullable Void>> waiting = new ArrayList<>(); // guarded by this
    private volatile boolean killing;

    Ending(Team team) {
        this.team = team;
    }

    boolean hasBegun() {
        return begun.get();
    }

    /// Lets the kernel end. Only the first call does anything.
    void begin() {
        if (begun.compareAndSet(false, true)) {
            team.seal();
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

    /// Kills and drops everything from now on.
    void killAll() {
        killing = true;
    }

    Promise<@Nullable Void> promise() {
        Resolver<@Nullable Void> resolver = Resolver.holding();
        synchronized (this) {
            if (done.getCount() > 0) {
                waiting.add(resolver);
                return resolver.promise();
            }
        }
        resolve(resolver);
        return resolver.promise();
    }

    /// Waits for the end. An interrupt has everything killed, and is kept.
    void await() {
        boolean interrupted = false;
        for (; ; ) {
            try {
                done.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
                killAll();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void manage() {
        awaitWorkers();
        KernelCreationException failure = team.roster().failure();
        String why = "the kernel ended without a worker left to run this task";
        team.drain(failure != null ? failure : new TaskKilledException(why, null));
        List<Resolver<@Nullable Void>> all;
        synchronized (this) {
            done.countDown();
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(Ending::resolve);
    }

    @SuppressWarnings("NullAway") // null is the value of a Void
    private static void resolve(Resolver<@Nullable Void> resolver) {
        resolver.resolve(null);
    }

    private void awaitWorkers() {
        long deadline = System.nanoTime()
                + team.config().limits().killTimeout().map(Duration::toNanos).orElse(Long.MAX_VALUE / 2);
        while (!team.roster().awaitEnd(Math.min(BETWEEN_KILLS, Math.max(0, deadline - System.nanoTime())))) {
            if (killing || System.nanoTime() - deadline >= 0) {
                TaskKilledException reason = new TaskKilledException("killed at the end of " + team.name(), null);
                team.drop(job -> true, reason);
                team.killRunning(job -> true, reason);
                deadline = System.nanoTime() + BETWEEN_KILLS;
            }
        }
    }
}
