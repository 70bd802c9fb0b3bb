package dev.thrum.kernel;

import dev.thrum.promise.Waiter;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.scope.ScopedThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that runs tasks, in one of the team's slots until it is killed.
final class Worker extends ScopedThread {
    /*
     * A worker belongs to itself: its fields are written by its own thread only, but for `signal`, which whoever wakes
     * it writes. Others read `current` to see what it runs. It is written before the job is claimed, so that a killer
     * who wins the job finds the worker by it; a killer never trusts it alone (see Job).
     */

    private static final int ASLEEP = 0;
    private static final int AWAKE = 1;
    private static final int SEARCH = 2;
    private static final VarHandle CURRENT;
    private static final VarHandle SERVED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CURRENT = lookup.findVarHandle(Worker.class, "current", Job.class);
            SERVED = lookup.findVarHandle(Worker.class, "served", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Team team;
    private final int index;
    private final int attempt;
    private volatile Era era;
    private volatile @Nullable Job current; // released before the claim, which is the fence
    private volatile @Nullable Scope family; // cancelled when its current task is killed; made when that submits another
    private volatile int signal;
    private volatile boolean entered;
    private volatile boolean finished; // its last era is over
    private boolean searcher;
    private int impatience; // default tasks since it last looked for low ones
    private volatile long served; // opaque: late for others
    private final Hands hands;
    private final HandedOut handedOut = new HandedOut(this);

    Worker(Team team, int index, int attempt, Era era) {
        super(null, team.name() + "-" + index, false);
        this.team = team;
        this.index = index;
        this.attempt = attempt;
        this.era = era;
        this.hands = new Hands(team, this);
        setDaemon(true);
    }

    /// {@return the worker that runs this, if it is of `team`}
    static Worker here(Team team) {
        if (currentThread() instanceof Worker worker && worker.team == team) {
            return worker;
        }
        throw new IllegalStateException("not a worker of " + team + ": " + currentThread());
    }

    static Optional<Team> currentTeam() {
        return currentThread() instanceof Worker worker ? Optional.of(worker.team) : Optional.empty();
    }

    static @Nullable Worker current() {
        return currentThread() instanceof Worker worker ? worker : null;
    }

    // ---- its life, on its own thread

    @Override
    public void run() {
        Throwable problem = null;
        try {
            team.config().surround(this::live);
        } catch (Throwable thrown) {
            problem = thrown;
        }
        try {
            giveUp(problem);
        } finally {
            team.roster().exited(this, problem);
        }
    }

    /// Settles a job that an error of the machine tore this worker away from.
    private void giveUp(@Nullable Throwable problem) {
        Job job = current;
        if (job != null) {
            job.abandon(problem != null ? problem : new TaskKilledException(this + " died", null));
        }
    }

    private void live() {
        Waiter.during(handedOut, () -> {
            work();
            return this;
        });
    }

    private void work() {
        if (currentThread() != this) {
            throw new IllegalStateException("the context must run its worker in the thread it was called in: " + this);
        }
        if (!entered) {
            entered = true;
            team.roster().entered();
            team.clock().wind();
        }
        boolean alive = !isCondemned();
        while (alive) {
            try {
                alive = turn();
            } catch (Throwable problem) { // of the machine: tasks' own are settled
                alive = recovered(problem);
            }
        }
    }

    private boolean recovered(Throwable problem) {
        Job job = current;
        if (job != null) {
            job.abandon(problem);
        }
        boolean alive = !isCondemned();
        if (alive) {
            forgetTask();
            CURRENT.setRelease(this, null);
        }
        Home.root().report(problem, Scope.root());
        return alive;
    }

    /// {@return false when this worker's life is over}
    private boolean turn() {
        Job job = take();
        if (job != null) {
            found();
            return perform(job);
        }
        if (era.isOver()) {
            found();
            return enterNextEra();
        }
        if (!search()) {
            sleep();
        }
        return true;
    }

    private @Nullable Job take() {
        if (++impatience > Kernel.PATIENCE) {
            impatience = 0;
            Job aged = era.queue(Priority.LOW).poll();
            if (aged != null) {
                return aged;
            }
        }
        Job job = era.queue(Priority.DEFAULT).poll();
        if (job == null) {
            job = team.slots().lend();
        }
        if (job == null) {
            impatience = 0;
            job = era.queue(Priority.LOW).poll();
        }
        return job;
    }

    /// Runs a job.
    /// @return false if the job was killed, and this worker with it
    boolean perform(Job job) {
        Object body = job.body();
        CURRENT.setRelease(this, job);
        if (job.claim()) {
            if (!job.run(body, team)) {
                orphan(new TaskKilledException("the task that submitted this one was killed", null));
                return false;
            }
            SERVED.setOpaque(this, (long) SERVED.getOpaque(this) + 1);
            forgetTask();
        }
        CURRENT.setRelease(this, null);
        return true;
    }

    /// Leaves nothing of a task to the next one.
    private void forgetTask() {
        if (family != null) {
            family = null;
        }
        handedOut.clear();
        interrupted(); // a task may leave its own mark; a killer's never reaches this line
    }

    private boolean enterNextEra() {
        Era over = era;
        Broadcast<?> broadcast = over.broadcast();
        if (broadcast != null && !broadcast.attend(this)) {
            return false;
        }
        Era next = over.next();
        if (next == null) {
            finished = true;
            return false;
        }
        era = next;
        return true;
    }

    // ---- search and sleep

    private boolean hasWork() {
        return !era.isEmpty() || era.isSealed() || !team.slots().areEmpty();
    }

    private void found() {
        if (searcher) {
            searcher = false;
            team.sleepers().stopSearching();
            if (hasWork()) {
                team.sleepers().submitted();
            }
        }
    }

    /// Looks for work for a while, if nobody else does.
    private boolean search() {
        Spin spin = team.spin();
        if (!searcher) {
            if (!spin.isWorthwhile(team.awake()) || !team.sleepers().search()) {
                return false;
            }
            searcher = true;
        }
        if (spin.isWorthwhile(team.awake()) && spin.until(this::hasWork)) {
            return true;
        }
        searcher = false;
        team.sleepers().stopSearching();
        return false;
    }

    private void sleep() {
        Sleepers sleepers = team.sleepers();
        signal = ASLEEP;
        sleepers.lieDown(this);
        if (hasWork() && sleepers.getUp(this)) {
            team.clock().wind();
            return;
        }
        while (signal == ASLEEP) {
            LockSupport.park(this);
            interrupted(); // an idle worker has no use for it, and it would not park again
        }
        searcher = signal == SEARCH;
        team.clock().wind();
    }

    /// Wakes it from sleep.
    /// @param search whether it takes over the role of the searcher
    void wake(boolean search) {
        signal = search ? SEARCH : AWAKE;
        LockSupport.unpark(this);
    }

    // ---- seen by others

    int index() {
        return index;
    }

    /// What the current task has submitted; on its own thread.
    HandedOut handedOut() {
        return handedOut;
    }

    /// Its slot, and what it runs of computations; empty between tasks.
    Hands hands() {
        return hands;
    }

    int attempt() {
        return attempt;
    }

    Team team() {
        return team;
    }

    boolean hasEntered() {
        return entered;
    }

    boolean hasFinished() {
        return finished;
    }

    /// {@return how many tasks it has taken that ran to their end}
    long served() {
        return served;
    }

    /// {@return the same, and those that ran inside them while they waited}
    long servedInAll() {
        return served + handedOut.served();
    }

    /// Where it is, and where its successor goes on.
    Era era() {
        return era;
    }

    @Nullable Job job() {
        return current;
    }

    boolean isCondemned() {
        Job job = current;
        return job != null && job.isKilled();
    }

    Optional<Running> running() {
        Job job = current;
        return job != null && job.isRunning()
                ? Optional.of(new Running(this, job, team.clock().age(this)))
                : Optional.empty();
    }

    /// {@return the task whose code its thread is in: where one waits, what runs inside it; on its own thread}
    @Nullable Job innermost() {
        HandedOut.Inside inside = handedOut.inside();
        return inside == null ? current : inside.job();
    }

    /// {@return the same as one sees it; empty if it was killed, or what waits for it}
    Optional<Running> runningInnermost() {
        HandedOut.Inside inside = handedOut.inside();
        if (inside == null || isCondemned()) {
            return running();
        }
        return handedOut.isCondemned() ? Optional.empty() : Optional.of(new Running(this, inside.job(), inside.age()));
    }

    /// {@return whether its thread is in that task, or in one that runs inside it}
    boolean isIn(Job job) {
        return current == job || handedOut.isInside(job);
    }

    /// {@return what the tasks submitted by the current one listen to; on its own thread}
    Scope family() {
        Scope mine = family;
        if (mine == null) {
            mine = Scope.root().child();
            family = mine;
        }
        return mine;
    }

    /// Kills what its killed task has submitted.
    void orphan(Throwable reason) {
        Scope mine = family;
        if (mine != null) {
            mine.cancel(reason);
        }
    }
}
