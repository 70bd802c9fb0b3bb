package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import dev.thrum.scope.ScopedThread;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The body of every loop: who may ask it for what. What it does is in [Turns].
sealed class SelectorLoop implements EventLoop permits TurnedLoop {
    private static final ThreadLocal<@Nullable SelectorLoop> CURRENT = new ThreadLocal<>();

    private final LoopConfig config;
    private final Scope scope = Scope.root().at(this);
    private final LoopBuffers buffers = new LoopBuffers(this);
    private final Map<LoopLocal<?>, Object> locals = new WeakHashMap<>(); // loop thread only
    private final Turns turns;
    private @Nullable Thread thread; // written before anybody else knows this loop

    SelectorLoop(LoopConfig config, LongSupplier clock) {
        this.config = config;
        this.turns = new Turns(config, clock, scope);
    }

    // ---- beginnings

    static void run(LoopConfig config, Consumer<? super EventLoop> start) {
        SelectorLoop running = CURRENT.get();
        if (running != null) {
            throw new IllegalStateException("loop '" + running.name() + "' runs on this thread already");
        }
        var loop = new SelectorLoop(config, System::nanoTime);
        loop.turns.poller.open();
        loop.bindTo(Thread.currentThread());
        var first = new StartAction(loop, start);
        loop.execute(first);
        loop.runToTheEnd();
        first.rethrow();
    }

    static EventLoop start(LoopConfig config) {
        var loop = new SelectorLoop(config, System::nanoTime);
        loop.turns.poller.open();
        Registration untilExit = loop.hold();
        loop.turns.onExit(untilExit::close);
        Thread thread = new ScopedThread(loop::runToTheEnd, config.name(), true);
        thread.setDaemon(config.daemon());
        loop.bindTo(thread);
        try {
            thread.start();
        } catch (Throwable problem) { // the system has no more threads
            loop.turns.poller.close();
            throw problem;
        }
        return loop;
    }

    static boolean isLoopThread() {
        return CURRENT.get() != null;
    }

    static SelectorLoop current() {
        SelectorLoop running = CURRENT.get();
        if (running == null) {
            throw new IllegalStateException("no event loop runs on this thread; start one with EventLoop.run");
        }
        return running;
    }

    final void bindTo(Thread owner) {
        thread = owner;
    }

    private void runToTheEnd() {
        turns.start(Thread.currentThread());
        try (Registration _ = LoopView.include(this, Thread.currentThread())) {
            asCurrent(turns::untilTheEnd);
        }
        locals.clear();
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

    final Turns turns() {
        return turns;
    }

    final ErrorRoute errors() {
        return turns.errors;
    }

    final Timers timers() {
        return turns.timers;
    }

    final HandleRegister handles() {
        return turns.handles;
    }

    final Poller poller() {
        return turns.poller;
    }

    final Map<LoopLocal<?>, Object> locals() {
        return locals;
    }

    final boolean hasErrorReceiver() {
        return config.onError() != null;
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
        if (!turns.isOpen()) {
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
        long nanos = nanosFromNow(delay, "delay");
        requireNonNull(action, "action");
        checkOpen();
        var timer = new LoopTimer(this, capture(), action);
        turns.timers.start(timer, turns.timers.nanoTime(), nanos);
        turns.handles.tie(timer);
        return timer;
    }

    @Override
    public final Timer every(Duration period, Runnable action) {
        return every(period, Timer.Missed.SKIP, action);
    }

    @Override
    public final Timer every(Duration period, Timer.Missed missed, Runnable action) {
        if (period.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("period must be a millisecond or more: " + period);
        }
        requireNonNull(missed, "missed");
        requireNonNull(action, "action");
        checkOpen();
        var timer = new LoopTimer.Interval(this, action, nanos(period), missed);
        timer.start();
        turns.handles.tie(timer);
        return timer;
    }

    @Override
    public final Notifier notifier(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        return added(new LoopNotifier(this, action, "notifier"));
    }

    @Override
    public final LoopEvent event(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        return added(new TimedEvent(this, action));
    }

    @Override
    public final Notifier onSignal(Signal signal, Runnable action) {
        requireNonNull(signal, "signal");
        requireNonNull(action, "action");
        checkOpen();
        return added(new SignalNotifier(this, signal, action));
    }

    @Override
    public final <T> Mailbox<T> mailbox(int capacity, Mailbox.Overflow overflow, Consumer<? super T> receiver) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive: " + capacity);
        }
        requireNonNull(overflow, "overflow");
        requireNonNull(receiver, "receiver");
        checkOpen();
        return added(new LoopMailbox<T>(this, capacity, overflow, receiver));
    }

    @Override
    public final Idler idle(Runnable step) {
        return idle(Duration.ZERO, step);
    }

    @Override
    public final Idler idle(Duration budget, Runnable step) {
        long nanos = nanosFromNow(budget, "budget");
        requireNonNull(step, "step");
        checkOpen();
        var idler = new LoopIdler(this, nanos, step);
        turns.idlers.add(idler);
        return added(idler);
    }

    private <H extends LoopHandle> H added(H handle) {
        turns.handles.add(handle);
        turns.handles.tie(handle);
        return handle;
    }

    @Override
    public final Poll poll(SelectableChannel channel, int operations, Poll.Handler handler) {
        requireNonNull(channel, "channel");
        requireNonNull(handler, "handler");
        checkOpen();
        var poll = new ChannelPoll(this, channel, operations, handler);
        turns.handles.add(poll); // not tied to its scope: whoever owns the channel closes both
        return poll;
    }

    @Override
    public final void atTurnEnd(Runnable action) {
        requireNonNull(action, "action");
        check();
        turns.atTurnEnd(action);
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
        turns.life.exit();
    }

    @Override
    public final void onExit(Runnable action) {
        requireNonNull(action, "action");
        checkOpen();
        Scope caller = capture();
        turns.onExit(caller == scope ? action : () -> caller.run(action));
    }

    @Override
    public final List<String> whyAlive() {
        check();
        var reasons = new ArrayList<String>(turns.life.describeHolds());
        turns.timers.toList().stream()
                .filter(LoopHandle::countsForLife)
                .map(turns.handles::describe)
                .forEach(reasons::add);
        turns.handles.toList().stream()
                .filter(LoopHandle::countsForLife)
                .map(turns.handles::describe)
                .forEach(reasons::add);
        return List.copyOf(reasons);
    }

    @Override
    public final boolean awaitEnd(Duration limit) throws InterruptedException {
        if (isHere()) {
            throw new WrongThreadException("loop '" + name() + "' cannot wait for its own end on its thread '"
                    + Thread.currentThread().getName() + "'");
        }
        return turns.life.ended().await(nanos(limit), TimeUnit.NANOSECONDS);
    }

    // ---- Home

    @Override
    public final boolean isHere() {
        return Thread.currentThread() == thread;
    }

    @Override
    public final boolean post(Runnable action) {
        return turns.inbox.offer(requireNonNull(action, "action"));
    }

    @Override
    public final void execute(Runnable action) {
        requireNonNull(action, "action");
        Scope caller = capture();
        if (!turns.inbox.offer(caller == scope ? action : () -> caller.run(action))) {
            throw new RejectedExecutionException("loop '" + name() + "' has ended");
        }
    }

    @Override
    public final Registration hold() {
        return turns.life.hold();
    }

    @Override
    public final Registration schedule(Duration delay, Runnable action) {
        requireNonNull(action, "action");
        return Alarm.start(this, turns.timers.nanoTime() + Math.max(0, nanos(delay)), action);
    }

    @Override
    public final long nanoTime() {
        return turns.timers.nanoTime();
    }

    @Override
    public final void report(Throwable problem, Scope where) {
        requireNonNull(problem, "problem");
        requireNonNull(where, "where");
        if (isHere() || !post(() -> turns.errors.deliver(problem, where, null))) {
            turns.errors.deliver(problem, where, null);
        }
    }

    @Override
    public final void entered(Scope now) {
        if (isHere()) {
            turns.pulse.entered(now);
        }
    }

    @Override
    public final long blockedTurns() {
        return turns.pulse.blocked();
    }

    /// {@return the duration in nanoseconds, no more than can be added to a time}
    /// @throws IllegalArgumentException if it is negative
    static long nanosFromNow(Duration duration, String name) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + duration);
        }
        return nanos(duration);
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
