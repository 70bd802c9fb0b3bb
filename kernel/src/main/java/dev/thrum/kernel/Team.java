package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Registration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The kernel: where submissions, kills and the end come together.
final class Team implements Kernel {
    private final int workers;
    private final KernelConfig config;
    private final Sleepers sleepers = new Sleepers();
    private final Submitter anybody = new SubmitterView(this, null, null);
    private final Spin spin;
    private final Roster roster;
    private final Slots slots = new Slots(this);
    private final Diagnosis diagnosis;
    private final WorkClock clock;
    private final Ending ending = new Ending(this);
    private final Kills kills = new Kills(this);
    private final Set<Window> windows = ConcurrentHashMap.newKeySet(); // that hold tasks back
    private final ReentrantLock turning = new ReentrantLock(); // taken to end an era
    private volatile Era intake = new Era(); // the newest; written under turning
    private volatile boolean started;
    private volatile Registration inDumps = Registration.none(); // written once
    private volatile boolean leftDumps;

    private Team(int workers, KernelConfig config) {
        this.workers = workers;
        this.config = config;
        this.spin = new Spin(config.spins());
        this.roster = new Roster(this, workers);
        this.diagnosis = new Diagnosis(this);
        this.clock = new WorkClock(this, workers, diagnosis);
    }

    static Kernel start(int workers, KernelConfig config) {
        Team team = new Team(workers, config);
        KernelCreationException failure = team.roster.start(team.intake);
        if (failure == null) {
            failure = team.ending.keepAlive();
        }
        if (failure != null) {
            team.ending.follow(failure);
            throw failure;
        }
        team.started = true;
        team.inDumps = TeamView.include(team);
        if (team.leftDumps) { // its workers may have given up already
            team.leaveDumps();
        }
        return team;
    }

    // ---- which is current

    @Override
    public void during(Runnable body) {
        Current.scope(this).run(body);
    }

    @Override
    public Kernel makeDefault() {
        Current.makeDefault(this);
        return this;
    }

    // ---- submissions

    @Override
    public <T extends @Nullable Object> Channel<T> channel() {
        return ChannelView.of(new Results(this, Integer.MAX_VALUE));
    }

    @Override
    public <T extends @Nullable Object> Channel<T> channel(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        return ChannelView.of(new Results(this, capacity));
    }

    @Override
    public <T extends @Nullable Object> Batch<T> batch() {
        return new Batch<>(this);
    }

    @Override
    public <T extends @Nullable Object> Promise<T> submit(Callable<? extends T> task) {
        return anybody.submit(task);
    }

    @Override
    public void execute(Runnable task) {
        anybody.execute(task);
    }

    @Override
    public Submitter in(Object category) {
        return anybody.in(category);
    }

    @Override
    public Submitter at(Priority priority) {
        return anybody.at(priority);
    }

    void submit(Job job) {
        while (!intake.queue(job.terms.priority).offer(job)) {
            refuseIfEnded(); // else a broadcast has just sealed that era, and there is a newer one
        }
        if (sleepers.areNeeded() && !isTaken()) {
            sleepers.submitted();
        }
    }

    /// Gives a worker that is just done with a task a moment to take the new one: waking another costs far more.
    private boolean isTaken() {
        return spin.isWorthwhile(awake()) && awake() > 0 && spin.moment(() -> !sleepers.areNeeded() || intake.isEmpty());
    }

    @Override
    public void spread(Piece root) {
        requireNonNull(root, "root");
        refuseIfEnded();
        slots.spread(root);
    }

    void refuseIfEnded() {
        if (intake.isSealed()) { // only the last era is sealed while it is the newest
            throw new RejectedExecutionException("the kernel has ended and takes no more tasks: " + this);
        }
    }

    /// Notes a bounded channel that holds tasks back.
    void holding(Window window) {
        windows.add(window);
        clock.wind(); // a full channel is looked at, though all workers may sleep
    }

    void notHolding(Window window) {
        windows.remove(window);
    }

    @Override
    public <T extends @Nullable Object> List<T> broadcast(Callable<? extends T> task) throws InterruptedException {
        requireNonNull(task, "task");
        refuseWorkers("broadcast");
        Broadcast<T> broadcast = new Broadcast<>(workers, task, Terms.here(null, null));
        Era first = turn(broadcast, new Era());
        roster.vacancies().forEach(index -> forfeit(first, index));
        return broadcast.await();
    }

    /// Seals the newest era.
    private Era turn(@Nullable Broadcast<?> broadcast, @Nullable Era next) {
        Era last;
        turning.lock();
        try {
            last = intake;
            if (last.isSealed()) {
                throw new RejectedExecutionException("the kernel has ended: " + this);
            }
            last.follow(broadcast, next);
            if (next != null) {
                intake = next;
            }
            last.seal();
        } finally {
            turning.unlock();
        }
        sleepers.wakeAll();
        return last;
    }

    /// Lets a lost worker's part of all broadcasts to come fail.
    static void forfeit(Era from, int index) {
        for (@Nullable Era era = from; era != null; era = era.next()) {
            Broadcast<?> broadcast = era.broadcast();
            if (broadcast != null) {
                broadcast.forfeit(index);
            }
        }
    }

    // ---- kills

    @Override
    public int kill(Object category, Kill... options) {
        requireNonNull(category, "category");
        return kills.kill(category, Set.of(options));
    }

    Kills kills() {
        return kills;
    }

    /// Drops everything that waits, and what a submitter in the midst of its offer still gets in, once no worker is left
    /// to come across it.
    void drain(Throwable reason) {
        kills.drop(job -> true, reason);
        forEachEra(era -> era.drain(job -> kills.drop(job, reason)));
    }

    void forEachWindow(Consumer<Window> action) {
        windows.forEach(window -> {
            if (window.isHolding()) {
                action.accept(window);
            }
        });
    }

    /// {@return whether somebody must look at the clock}
    boolean needsClock() {
        return !hasEnded() && (awake() > 0 || !windows.isEmpty());
    }

    private void forEachEra(Consumer<Era> action) {
        Set<Era> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Era first : roster.eras(intake)) {
            for (@Nullable Era era = first; era != null && seen.add(era); era = era.next()) {
                action.accept(era);
            }
        }
    }

    void forEachQueued(Consumer<? super Job> action) {
        forEachEra(era -> era.forEach(action));
        windows.forEach(window -> window.forEach(action));
    }

    // ---- the end

    @Override
    public Promise<List<Zombie>> end() {
        ending.begin();
        return ending.promise();
    }

    /// It is about to have ended, and there is nothing left to see.
    void leaveDumps() {
        leftDumps = true;
        inDumps.close();
    }

    void beginEnd() {
        ending.begin();
    }

    boolean hasEnded() {
        return ending.isOver();
    }

    boolean awaitEnd(long nanos) throws InterruptedException {
        return ending.awaitFor(nanos);
    }

    @Override
    public ExecutorService asExecutorService() {
        return new ServiceView(this);
    }

    @Override
    public void close() {
        refuseWorkers("close");
        ending.begin();
        ending.await();
    }

    private void refuseWorkers(String what) {
        if (workerIndex().isPresent()) {
            throw new IllegalStateException(
                    what + " must not be called from inside a worker, which would wait for itself: " + this);
        }
    }

    /// Lets nothing more in.
    void seal() {
        Current.forget(this);
        windows.forEach(Window::release);
        turn(null, null);
    }

    /// Ends the kernel because no worker could be kept up.
    void collapse() {
        ending.begin();
    }

    boolean isEnding() {
        return ending.hasBegun();
    }

    boolean isStarted() {
        return started;
    }

    // ---- what it is and does

    @Override
    public List<Running> running() {
        List<Running> running = new ArrayList<>();
        roster.forEach(worker -> worker.running().ifPresent(running::add));
        return running;
    }

    @Override
    public List<String> whyWaiting() {
        return diagnosis.lines();
    }

    @Override
    public List<Zombie> zombies() {
        return roster.zombies();
    }

    @Override
    public Counters counters() {
        int queued = 0;
        int low = 0;
        for (Era era : roster.eras(intake)) {
            queued += era.queue(Priority.DEFAULT).size();
            low += era.queue(Priority.LOW).size();
        }
        int held = 0;
        for (Window window : windows) {
            held += window.held();
        }
        Counters known = roster.count();
        return new Counters(
                workers, known.strength(), known.busy(), queued, low, held, known.served(), kills.count(), known.zombies());
    }

    @Override
    public KernelConfig config() {
        return config;
    }

    @Override
    public int workers() {
        return workers;
    }

    @Override
    public OptionalInt workerIndex() {
        Worker worker = Worker.current();
        return worker != null && worker.team() == this ? OptionalInt.of(worker.index()) : OptionalInt.empty();
    }

    int awake() {
        return workers - sleepers.count();
    }

    Sleepers sleepers() {
        return sleepers;
    }

    Spin spin() {
        return spin;
    }

    Roster roster() {
        return roster;
    }

    Slots slots() {
        return slots;
    }

    WorkClock clock() {
        return clock;
    }

    @Override
    public String toString() {
        String state = isEnding() ? ", ended" : "";
        return "kernel " + config.name() + " of " + workers + (workers == 1 ? " worker" : " workers") + state;
    }
}
