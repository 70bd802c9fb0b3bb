package dev.thrum.loop;

import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The turn of a loop, for how long it goes on, and how it ends. The parts do one job each.
///
/// Loop thread only, but for [Inbox], [Life] and [Poller#wakeUp].
final class Turns {
    /// How much posted work runs in a turn, so that work that posts work does not keep channels and timers waiting.
    private static final int BATCH = 1024;

    /// How often handles are closed at the end, since the last callbacks may open new ones.
    private static final int LAST_ROUNDS = 100;

    /*
     * A loop that runs posted work as fast as it comes is at the heels of whoever posts: both write the same cache line for
     * each action, which takes either of them ten times longer than the action. And if the loop is faster, it falls asleep
     * and is woken again and again, which takes both of them longer still.
     *
     * So a loop that has run few actions, in a turn with nothing else, looks for the next one for a moment. If it comes so
     * soon, the loop lets those who post get ahead before it takes what they have posted: shortly after a lone action, since
     * whoever posts one at a time, and spins until it has run, may be as fast.
     */

    /// How many looks for posted work are cheaper than to fall asleep and be woken, when some has just come.
    private static final int LINGER = 32;

    /// How many looks take a moment.
    private static final int HEELS = 16;

    /// How many actions are few.
    private static final int FEW = 64;

    /// How long others get to post undisturbed, after a lone action and after several.
    private static final long AHEAD_OF_ONE_NANOS = 500;
    private static final long AHEAD_NANOS = 2_000;

    /// Whether anybody can post while the loop waits without sleeping.
    private static final boolean PARALLEL = Runtime.getRuntime().availableProcessors() > 1;

    final HandleRegister handles = new HandleRegister();
    final Poller poller = new Poller(this::wokenUp);
    final Inbox inbox = new Inbox(poller::wakeUp);
    final Life life = new Life(inbox);
    final Timers timers;
    final ErrorRoute errors;
    final Pulse pulse;
    final List<LoopIdler> idlers = new CopyOnWriteArrayList<>(); // loop thread only; for iterating while it changes
    private final Scope scope;
    private final int spins;
    private final Consumer<Runnable> guarded = this::runGuarded;
    private final Deque<Runnable> turnEnd = new ArrayDeque<>();
    private final Deque<Runnable> exitActions = new ArrayDeque<>();
    private int posted; // how many posted actions the last turn ran
    private boolean onlyPosted; // it ran nothing else
    private boolean open = true;

    Turns(LoopConfig config, LongSupplier clock, Scope scope) {
        this.timers = new Timers(clock);
        this.errors = new ErrorRoute(config.name(), config.onError());
        this.pulse = new Pulse(config);
        this.scope = scope;
        this.spins = config.spins();
    }

    /// The loop begins to run on `thread`.
    void start(Thread thread) {
        pulse.start(thread);
        Watchdog.watch(pulse);
    }

    /// One turn: ready channels, due timers, posted work, idlers, what was put off to the end.
    /// @return whether any callback ran but idlers, which always do
    boolean turn(boolean mayWait) {
        boolean any = mayWait ? await() : poller.poll(0);
        any |= timers.runDue();
        onlyPosted = !any;
        any |= drain();
        if (!idlers.isEmpty()) {
            idlers.forEach(LoopIdler::run);
        }
        any |= endTurn();
        return any;
    }

    /// Turn after turn, until [EventLoop#exit] or until nothing is left to wait for.
    void untilTheEnd() {
        boolean interrupted = false;
        try {
            do {
                turn(true);
                interrupted |= Thread.interrupted(); // or else no wait would last
            } while (!life.isExiting() && (isAlive() || !inbox.tryClose()));
        } finally {
            finish();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Exit callbacks, then handles, then everything else.
    void finish() {
        runs("the loop's end");
        for (Runnable action = exitActions.pollLast(); action != null; action = exitActions.pollLast()) {
            runGuarded(action);
        }
        timers.stopAll();
        for (int round = 0; round < LAST_ROUNDS && (handles.first() != null || !turnEnd.isEmpty()); round++) {
            handles.toList().forEach(LoopHandle::end);
            endTurn();
        }
        timers.stopAll();
        open = false;
        pulse.rest();
        Watchdog.unwatch(pulse);
        inbox.close();
        try {
            poller.close();
        } finally {
            life.ended().countDown();
        }
    }

    /// Waits for channels, work or the next timer, whichever comes first, and runs the callbacks of ready channels.
    @SuppressWarnings("ThreadPriorityCheck") // whoever is in the middle of a post may need this processor
    private boolean await() {
        if (isAtTheHeels()) {
            letThemGetAhead();
        }
        long millis = patience();
        if (millis > 0) {
            pulse.rest();
            if (spin(posted > 0 ? Math.max(spins, LINGER) : spins)) {
                millis = 0;
            }
        }
        if (millis == 0) {
            pulse.beat();
            return poller.poll(0);
        }
        inbox.setAsleep(true); // from here on everybody who changes the answer of the next line rings
        try {
            if (!inbox.isEmpty()) {
                if (!inbox.hasNext()) {
                    Thread.yield();
                }
                millis = 0;
            }
            return poller.poll(isAlive() && !life.isExiting() ? millis : 0);
        } finally {
            wokenUp();
        }
    }

    private boolean isAtTheHeels() {
        return PARALLEL && onlyPosted && posted > 0 && posted < FEW && spin(HEELS);
    }

    private void letThemGetAhead() {
        long ahead = posted == 1 ? AHEAD_OF_ONE_NANOS : AHEAD_NANOS;
        long start = System.nanoTime();
        while (System.nanoTime() - start < ahead) {
            Thread.onSpinWait();
        }
    }

    /// {@return whether work was posted while looking for it so often}
    private boolean spin(int looks) {
        for (int look = looks; look > 0; look--) {
            if (inbox.hasNext()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /// {@return how many milliseconds there is nothing to do but to wait for others}
    private long patience() {
        if (inbox.hasNext() || !turnEnd.isEmpty() || !idlers.isEmpty() || life.isExiting()) {
            return 0;
        }
        if (timers.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, Math.ceilDiv(timers.nextDue() - timers.nanoTime(), 1_000_000));
    }

    private boolean drain() {
        if (!inbox.hasNext()) {
            posted = 0;
            return false;
        }
        runs(inbox);
        posted = inbox.drain(BATCH, guarded);
        return true;
    }

    private boolean endTurn() {
        int count = turnEnd.size(); // what comes on top belongs to the next turn
        if (count > 0) {
            runs("what was put off to the end of the turn");
        }
        for (int i = 0; i < count; i++) {
            runGuarded(turnEnd.remove());
        }
        return count > 0;
    }

    private void wokenUp() {
        inbox.setAsleep(false);
        if (pulse.rests()) {
            pulse.beat();
        }
    }

    /// Says what runs from now on.
    void runs(Object callback) {
        pulse.runs(callback);
    }

    /// {@return whether posted work, or a timer that is due at `now`, waits for its turn}
    boolean isAwaited(long now) {
        return hasWork() || life.isExiting() || (!timers.isEmpty() && timers.nextDue() <= now);
    }

    void runGuarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable problem) {
            errors.deliver(problem, scope, null);
        }
    }

    void atTurnEnd(Runnable action) {
        turnEnd.add(action);
    }

    void onExit(Runnable action) {
        exitActions.add(action);
    }

    /// {@return whether anything keeps the loop alive}
    boolean isAlive() {
        return handles.referenced() > 0 || life.isHeld() || hasWork();
    }

    boolean hasWork() {
        return !inbox.isEmpty() || !turnEnd.isEmpty();
    }

    /// {@return how many callbacks wait}
    int pending() {
        return timers.size() + inbox.size() + turnEnd.size();
    }

    boolean isOpen() {
        return open;
    }
}
