package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who works in which slot of the team, and who haunts it.
final class Roster {
    /*
     * A slot holds a worker; or is vacant, because its worker was killed at the cap of zombies, until one of those ends;
     * or is closed, because its context failed too often; or is empty at the end of the last era. `live` counts the
     * slots with a worker. A worker leaves its slot once: its killer takes it out, or it does so itself at its exit,
     * whoever locks first. If it was itself, the dying thread is no zombie.
     *
     * No user code runs under the lock, and it is the last one taken.
     */

    private static final System.Logger LOG = System.getLogger("dev.thrum.kernel");
    private static final int ATTEMPTS = 5; // of workers in a row that come to no task

    private final Team team;
    private final Latch entered;
    private final AtomicReferenceArray<@Nullable Worker> slots; // written under lock
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Worker, Long> zombies = new LinkedHashMap<>(); // guarded by lock; since when
    private final Map<Integer, Era> vacant = new LinkedHashMap<>(); // guarded by lock; where the next one goes on
    private final Set<Integer> closed = new LinkedHashSet<>(); // guarded by lock; the context failed too often
    private final List<Worker> leaving = new ArrayList<>(); // guarded by lock; about to terminate
    private int live; // guarded by lock
    private boolean terminated; // guarded by lock; nobody is employed any more
    private long served; // guarded by lock; by those who have left
    private @Nullable KernelCreationException failure; // guarded by lock
    private boolean unreported; // guarded by lock; the failure

    Roster(Team team, int workers) {
        this.team = team;
        this.slots = new AtomicReferenceArray<>(workers);
        this.entered = new Latch(workers);
    }

    // ---- start

    /// Starts all workers and waits until each has entered its context.
    /// @return why one has not, or null
    @Nullable KernelCreationException start(Era first) {
        lock.lock();
        try {
            for (int i = 0; i < slots.length(); i++) {
                employ(new Worker(team, i, 1, first));
            }
        } finally {
            lock.unlock();
        }
        entered.awaitKeeping(() -> {});
        return failure();
    }

    void entered() {
        entered.countDown();
    }

    // ---- under the lock

    private void employ(Worker worker) {
        slots.set(worker.index(), worker);
        live++;
        try {
            worker.start();
        } catch (Throwable noThread) {
            leave(worker);
            close(worker, noThread);
        }
    }

    private void leave(Worker worker) {
        slots.set(worker.index(), null);
        live--;
        served += worker.servedInAll();
        changed.signalAll();
    }

    private void close(Worker worker, @Nullable Throwable problem) {
        String why = problem == null ? "its context did not run it" : "its context failed: " + problem;
        failure = new KernelCreationException(worker.getName() + " could not be started: " + why, problem);
        unreported = team.isStarted();
        closed.add(worker.index());
        leaving.add(worker);
        Team.forfeit(worker.era(), worker.index());
        entered.countDown();
    }

    private @Nullable KernelCreationException takeUnreported() {
        boolean report = unreported;
        unreported = false;
        return report ? failure : null;
    }

    private boolean isDead() {
        return live == 0 && vacant.isEmpty() && !closed.isEmpty() && team.isStarted();
    }

    private void endIf(boolean dead, @Nullable KernelCreationException lost) {
        if (lost != null) {
            Home.root().report(lost, Scope.root());
        }
        if (dead) {
            team.collapse();
        }
    }

    /// The next one in the slot of a worker that ended by itself.
    private void follow(Worker worker, @Nullable Throwable problem) {
        if (worker.isCondemned()) {
            employ(new Worker(team, worker.index(), 1, worker.era()));
        } else if (worker.hasFinished()) {
            leaving.add(worker);
        } else if (team.isStarted() && worker.attempt() < ATTEMPTS) {
            boolean worked = worker.served() > 0 || worker.job() != null;
            employ(new Worker(team, worker.index(), worked ? 1 : worker.attempt() + 1, worker.era()));
        } else {
            close(worker, problem);
        }
    }

    /// Who was killed has a successor at once, who goes to the broadcasts to come, unless there are too many zombies.
    private void replace(Worker worker) {
        vacant.put(worker.index(), worker.era());
        fillVacancies();
        if (vacant.containsKey(worker.index())) {
            Team.forfeit(worker.era(), worker.index());
        }
    }

    private void fillVacancies() {
        while (!vacant.isEmpty() && zombies.size() <= team.config().limits().zombies() && !terminated) {
            int index = vacant.keySet().iterator().next();
            employ(new Worker(team, index, 1, requireNonNull(vacant.remove(index))));
        }
    }

    // ---- exit and kill

    /// Called by a worker at the very end of its life.
    void exited(Worker worker, @Nullable Throwable problem) {
        if (problem != null && (team.isStarted() || worker.hasEntered())) {
            Home.root().report(new IllegalStateException(worker.getName() + " died", problem), Scope.root());
        }
        boolean dead;
        KernelCreationException lost;
        lock.lock();
        try {
            if (zombies.remove(worker) != null) {
                fillVacancies();
            } else if (slots.get(worker.index()) == worker) {
                leave(worker);
                follow(worker, problem);
            }
            changed.signalAll();
            dead = isDead();
            lost = takeUnreported();
        } finally {
            lock.unlock();
        }
        endIf(dead, lost);
    }

    /// Takes a worker whose job was condemned out of its slot and puts another there, unless that has happened already,
    /// or there are too many zombies. Then interrupts it: it never runs another task.
    void retire(Worker worker) {
        int tooMany = 0;
        boolean dead;
        KernelCreationException lost;
        lock.lock();
        try {
            if (slots.get(worker.index()) == worker) {
                leave(worker);
                zombies.put(worker, System.nanoTime());
                replace(worker);
                tooMany = vacant.isEmpty() ? 0 : zombies.size();
            }
            dead = isDead();
            lost = takeUnreported();
        } finally {
            lock.unlock();
        }
        worker.interrupt();
        endIf(dead, lost);
        if (tooMany > 0) {
            LOG.log(Level.WARNING, "{0} goes on without {1}: {2} threads of killed tasks have not ended",
                    team, worker.getName(), tooMany);
        }
    }

    // ---- end

    /// Waits until no slot has a worker, and those that left have terminated.
    /// @return false if the time is over before
    boolean awaitEnd(long nanos) {
        List<Worker> last;
        lock.lock();
        try {
            long left = nanos;
            while (live > 0) {
                if (left <= 0) {
                    return false;
                }
                left = changedWithin(left);
            }
            terminated = true;
            last = List.copyOf(leaving);
        } finally {
            lock.unlock();
        }
        last.forEach(Roster::join);
        return true;
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private long changedWithin(long nanos) {
        try {
            return changed.awaitNanos(nanos);
        } catch (InterruptedException _) {
            return nanos; // the thread that ends a kernel is nobody else's
        }
    }

    private static void join(Worker worker) {
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException _) {
                Thread.onSpinWait(); // as above: wait again
            }
        }
    }

    @Nullable KernelCreationException failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    // ---- seen by others

    /// {@return the worker that runs `job`, if there is one}
    @Nullable Worker find(Job job) {
        for (int i = 0; i < slots.length(); i++) {
            Worker worker = slots.get(i);
            if (worker != null && worker.job() == job) {
                return worker;
            }
        }
        return null;
    }

    @Nullable Worker at(int index) {
        return slots.get(index);
    }

    void forEach(Consumer<? super Worker> action) {
        for (int i = 0; i < slots.length(); i++) {
            Worker worker = slots.get(i);
            if (worker != null) {
                action.accept(worker);
            }
        }
    }

    /// {@return the indexes without a worker, while the kernel lives}
    List<Integer> vacancies() {
        lock.lock();
        try {
            List<Integer> all = new ArrayList<>(vacant.keySet());
            all.addAll(closed);
            return all;
        } finally {
            lock.unlock();
        }
    }

    /// {@return where somebody is still at work, and `newest`}
    List<Era> eras(Era newest) {
        lock.lock();
        try {
            Set<Era> eras = Collections.newSetFromMap(new IdentityHashMap<>());
            forEach(worker -> eras.add(worker.era()));
            eras.addAll(vacant.values());
            eras.add(newest);
            return List.copyOf(eras);
        } finally {
            lock.unlock();
        }
    }

    /// {@return the counters, with nothing in the columns of the queues and of kills}
    Counters count() {
        lock.lock();
        try {
            int busy = 0;
            long sum = served;
            for (int i = 0; i < slots.length(); i++) {
                Worker worker = slots.get(i);
                if (worker != null) {
                    busy += worker.running().isPresent() ? 1 : 0;
                    sum += worker.servedInAll();
                }
            }
            return new Counters(slots.length(), live, busy, 0, 0, 0, sum, 0, zombies.size());
        } finally {
            lock.unlock();
        }
    }

    List<Zombie> zombies() {
        Map<Worker, Long> copy;
        lock.lock();
        try {
            copy = new LinkedHashMap<>(zombies);
        } finally {
            lock.unlock();
        }
        List<Zombie> seen = new ArrayList<>();
        copy.forEach((worker, since) -> {
            Job job = worker.job();
            Object category = job == null ? Task.DEFAULT_CATEGORY : job.terms.category;
            seen.add(new Zombie(
                    worker.index(),
                    category,
                    Duration.ofNanos(System.nanoTime() - since),
                    List.of(worker.getStackTrace())));
        });
        return seen;
    }
}
