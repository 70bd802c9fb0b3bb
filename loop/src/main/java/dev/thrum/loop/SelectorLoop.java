package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The body of every loop: its turn, its life, and who may ask it for what. Its parts do one job each: [Timers], [Inbox],
/// [Poller], [HandleRegister], [Life], [LoopBuffers], [ErrorRoute].
sealed class SelectorLoop implements EventLoop permits TurnedLoop {
    private static final ThreadLocal<@Nullable SelectorLoop> CURRENT = new ThreadLocal<>();

    /// How much posted work runs in a turn, so that work that posts work does not keep channels and timers waiting.
    private static final int BATCH = 1024;

    /// How often handles are closed at the end, since the last callbacks may open new ones.
    private static final int LAST_ROUNDS = 100;

    private final LoopConfig config;
    private final ErrorRoute errors;
    private final Scope scope = Scope.root().at(this);
    private final Timers timers;
    private final HandleRegister handles = new HandleRegister();
    private final Poller poller = new Poller(this::wokenUp);
    private final Inbox inbox = new Inbox(poller::wakeUp);
    private final Life life = new Life(inbox);
    private final LoopBuffers buffers = new LoopBuffers(this);
    private final Consumer<Runnable> guarded = this::runGuarded;
    private final Deque<Runnable> turnEnd = new ArrayDeque<>(); // loop thread only
    private final Deque<Runnable> exitActions = new ArrayDeque<>(); // loop thread only
    private @Nullable Thread thread; // written before anybody else knows this loop
    private boolean open = true; // loop thread only

    SelectorLoop(LoopConfig config, LongSupplier clock) {
        this.config = config;
        this.errors = new ErrorRoute(config.name(), config.onError());
        this.timers = new Timers(clock);
    }

    // ---- beginnings

    static void run(LoopConfig config, Consumer<? super EventLoop> start) {
        SelectorLoop running = CURRENT.get();
        if (running != null) {
            throw new IllegalStateException("loop '" + running.name() + "' runs on this thread already");
        }
        var loop = new SelectorLoop(config, System::nanoTime);
        loop.poller.open();
        loop.bindTo(Thread.currentThread());
        var first = new StartAction(loop, start);
        loop.execute(first);
        loop.runToEnd();
        first.rethrow();
    }

    static EventLoop start(LoopConfig config) {
        var loop = new SelectorLoop(config, System::nanoTime);
        loop.poller.open();
        Registration untilExit = loop.hold();
        loop.exitActions.add(untilExit::close);
        Thread thread = Thread.ofPlatform()
                .name(config.name())
                .daemon(config.daemon())
                .unstarted(loop::runToEnd);
        loop.bindTo(thread);
        thread.start();
        return loop;
    }

    static EventLoop current() {
        SelectorLoop running = CURRENT.get();
        if (running == null) {
            throw new IllegalStateException("no event loop runs on this thread; start one with EventLoop.run");
        }
        return running;
    }

    final void bindTo(Thread owner) {
        thread = owner;
    }

    // ---- the turn

    /// One turn: ready channels, due timers, posted work, what was put off to the end.
    /// @return whether any callback ran
    final boolean turn(boolean mayWait) {
        boolean any = mayWait ? await() : poller.poll(0);
        any |= timers.runDue();
        any |= inbox.drain(BATCH, guarded);
        any |= endTurn();
        return any;
    }

    /// Waits for channels, work or the next timer, whichever comes first, and runs the callbacks of ready channels.
    private boolean await() {
        long millis = patience();
        for (int spin = config.spins(); spin > 0 && millis > 0 && inbox.isEmpty(); spin--) {
            Thread.onSpinWait();
        }
        if (millis == 0 || !inbox.isEmpty()) {
            return poller.poll(0);
        }
        inbox.setAsleep(true); // from here on everybody who changes the answer of the next line rings
        try {
            return poller.poll(isAlive() && inbox.isEmpty() && !life.isExiting() ? millis : 0);
        } finally {
            inbox.setAsleep(false);
        }
    }

    /// {@return how many milliseconds there is nothing to do but to wait for others}
    private long patience() {
        if (hasWork() || life.isExiting()) {
            return 0;
        }
        if (timers.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, Math.ceilDiv(timers.nextDue() - timers.nanoTime(), 1_000_000));
    }

    private boolean endTurn() {
        int count = turnEnd.size(); // what comes on top belongs to the next turn
        for (int i = 0; i < count; i++) {
            runGuarded(turnEnd.remove());
        }
        return count > 0;
    }

    private void wokenUp() {
        inbox.setAsleep(false);
    }

    // ---- life

    private void runToEnd() {
        asCurrent(() -> {
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
        });
    }

    /// {@return whether anything keeps this loop alive}
    public final boolean isAlive() {
        check();
        return handles.referenced() > 0 || life.isHeld() || hasWork();
    }

    final boolean hasWork() {
        return !inbox.isEmpty() || !turnEnd.isEmpty();
    }

    /// Exit callbacks, then handles, then everything else.
    final void finish() {
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
        inbox.close();
        poller.close();
        life.ended().countDown();
    }

    /// Runs `body` as this loop, whose thread this is.
    final void asCurrent(Runnable body) {
        SelectorLoop before = CURRENT.get();
        CURRENT.set(this);
        try {
            scope.run(body);
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    final void runGuarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable problem) {
            errors.deliver(problem, scope, null);
        }
    }

    // ---- for the parts and the handles

    /// {@return the scope of callbacks that nobody's scope belongs to: the root, at home here}
    final Scope scope() {
        return scope;
    }

    /// {@return the scope that a callback made now will run under}
    final Scope capture() {
        Scope caller = Scope.current();
        return caller == Scope.root() ? scope : caller.at(this);
    }

    final ErrorRoute errors() {
        return errors;
    }

    final Timers timers() {
        return timers;
    }

    final HandleRegister handles() {
        return handles;
    }

    final Poller poller() {
        return poller;
    }

    final Life life() {
        return life;
    }

    final boolean hasErrorReceiver() {
        return config.onError() != null;
    }

    final int posted() {
        return inbox.size() + turnEnd.size();
    }

    final boolean isOpen() {
        return open;
    }

    final void check() {
        if (Thread.currentThread() != thread) {
            throw new WrongThreadException("this belongs to loop '" + name() + "' on thread '"
                    + (thread == null ? "" : thread.getName()) + "', called from thread '"
                    + Thread.currentThread().getName() + "'");
        }
    }

    final void checkOpen() {
        check();
        if (!open) {
            throw new IllegalStateException("loop '" + name() + "' has ended");
        }
    }

    // ---- EventLoop

    @Override
    public final String name() {
        return config.name();
    }

    @Override
    public final Timer after(Duration delay, Runnable action) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative: " + delay);
        }
        requireNonNull(action, "action");
        checkOpen();
        var timer = new LoopTimer(this, capture(), action);
        timers.start(timer, timers.nanoTime(), nanos(delay));
        return timer;
    }

    @Override
    public final Timer every(Duration period, Runnable action) {
        if (period.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("period must be a millisecond or more: " + period);
        }
        requireNonNull(action, "action");
        checkOpen();
        var timer = new LoopTimer.Interval(this, action, nanos(period));
        timer.start();
        return timer;
    }

    @Override
    public final Notifier notifier(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        var notifier = new LoopNotifier(this, action);
        handles.add(notifier);
        return notifier;
    }

    @Override
    public final Poll poll(SelectableChannel channel, int operations, Poll.Handler handler) {
        requireNonNull(channel, "channel");
        requireNonNull(handler, "handler");
        checkOpen();
        var poll = new ChannelPoll(this, channel, operations, handler);
        handles.add(poll);
        return poll;
    }

    @Override
    public final void atTurnEnd(Runnable action) {
        requireNonNull(action, "action");
        check();
        turnEnd.add(action);
    }

    @Override
    public final ByteBuffer readBuffer() {
        check();
        return buffers.read();
    }

    @Override
    public final ByteBuffer writeBuffer(Consumer<ByteBuffer> flush) {
        requireNonNull(flush, "flush");
        check();
        return buffers.write(flush);
    }

    @Override
    public final void exit() {
        life.exit();
    }

    @Override
    public final void onExit(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        Scope caller = capture();
        exitActions.add(caller == scope ? action : () -> caller.run(action));
    }

    @Override
    public final List<String> whyAlive() {
        check();
        var reasons = new ArrayList<String>(life.describeHolds());
        timers.toList().stream()
                .filter(LoopHandle::countsForLife)
                .map(handles::describe)
                .forEach(reasons::add);
        handles.toList().stream()
                .filter(LoopHandle::countsForLife)
                .map(handles::describe)
                .forEach(reasons::add);
        return List.copyOf(reasons);
    }

    @Override
    public final boolean awaitEnd(Duration limit) throws InterruptedException {
        if (isHere()) {
            throw new WrongThreadException("loop '" + name() + "' cannot wait for its own end on its thread '"
                    + Thread.currentThread().getName() + "'");
        }
        return life.ended().await(nanos(limit), TimeUnit.NANOSECONDS);
    }

    // ---- Home

    @Override
    public final boolean isHere() {
        return Thread.currentThread() == thread;
    }

    @Override
    public final boolean post(Runnable action) {
        return inbox.offer(requireNonNull(action, "action"));
    }

    @Override
    public final void execute(Runnable action) {
        requireNonNull(action, "action");
        Scope caller = capture();
        if (!inbox.offer(caller == scope ? action : () -> caller.run(action))) {
            throw new RejectedExecutionException("loop '" + name() + "' has ended");
        }
    }

    @Override
    public final Registration hold() {
        return life.hold();
    }

    @Override
    public final Registration schedule(Duration delay, Runnable action) {
        requireNonNull(action, "action");
        return Alarm.start(this, timers.nanoTime() + Math.max(0, nanos(delay)), action);
    }

    @Override
    public final long nanoTime() {
        return timers.nanoTime();
    }

    @Override
    public final void report(Throwable problem, Scope where) {
        requireNonNull(problem, "problem");
        requireNonNull(where, "where");
        if (isHere() || !post(() -> errors.deliver(problem, where, null))) {
            errors.deliver(problem, where, null);
        }
    }

    /// {@return the duration in nanoseconds, no more than can be added to a time}
    private static long nanos(Duration duration) {
        return Math.min(TimeUnit.NANOSECONDS.convert(duration), Timers.FOREVER);
    }

    @Override
    public final String toString() {
        return "loop '" + name() + "'";
    }
}
