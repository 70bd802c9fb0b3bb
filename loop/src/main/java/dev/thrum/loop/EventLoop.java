package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A thread that runs callbacks, one at a time, until nothing is left to wait for.
///
/// ```java
/// EventLoop.run(loop -> {
///     loop.every(Duration.ofSeconds(1), () -> IO.println("tick"));
///     loop.after(Duration.ofSeconds(5), loop::exit);
/// });
/// ```
///
/// **Life.** A loop lives while it has an open, referenced [Handle], while somebody [holds][#hold] it as a home, and
/// while posted work waits. Then it ends by itself; [#exit] ends it earlier. A loop of [#start] holds itself until
/// [#exit]. At its end a loop runs its exit callbacks, last registered first, then closes every handle that is still open.
///
/// **A turn** waits for something to happen, runs the callbacks of ready channels, then timers that are due, then posted
/// work, then a step of each [idler][#idle], then what was put off to [the end of the turn][#atTurnEnd]. Every round of callbacks is bounded: a timer without
/// delay that is made in a callback runs in the next turn, and posted work that posts more work leaves room for the rest.
///
/// **Scope.** A callback runs under the scope of whoever made its handle, with this loop as its home. When that scope is cancelled,
/// the handle is closed (but for a [Poll]); what [#execute] and [#schedule] were given still runs.
///
/// **Threads.** [#post], [#execute], [#schedule], [#hold], [#exit], [#report], [#isHere], [#nanoTime], [#name], [#blockedTurns] and
/// [Notifier#trigger] may be called from any thread, and never block. [#awaitEnd] is for other threads and blocks. All
/// else belongs to the loop's thread and throws [WrongThreadException] elsewhere. Loops on different threads are
/// independent of each other. A callback that blocks stops its loop, and the [Watchdog] says so: what blocks or burns the
/// processor belongs to a kernel. An interrupt of the loop's thread means nothing to the loop; the flag is set again when it ends.
/// **Ordering.** What one thread posts runs in the order it was posted.
/// **Failure.** What a callback throws goes to its handle's own error handler, else to [LoopConfig#onError], else to the
/// log; what an error handler throws goes to the next of these. No exception ends a loop or an interval.
///
/// The counterpart of cl-async's event loop (`with-event-loop`).
public sealed interface EventLoop extends Home permits ManualLoop, SelectorLoop {

    /// Runs a loop on this thread, and returns when it has ended.
    /// @param start runs first, on the loop; what it throws ends the loop and is thrown from here
    /// @throws IllegalStateException if a loop runs on this thread already
    static void run(Consumer<? super EventLoop> start) {
        run(LoopConfig.named("loop"), start);
    }

    /// Runs a loop on this thread, and returns when it has ended.
    /// @param config how it is set up
    /// @param start runs first, on the loop; what it throws goes to [LoopConfig#onError] if that is set, else it ends the
    ///     loop and is thrown from here
    /// @throws IllegalStateException if a loop runs on this thread already
    static void run(LoopConfig config, Consumer<? super EventLoop> start) {
        SelectorLoop.run(requireNonNull(config, "config"), requireNonNull(start, "start"));
    }

    /// Starts a loop on a thread of its own. It lives until [#exit], with or without handles.
    /// @param name names the loop and its thread
    /// @return the running loop
    static EventLoop start(String name) {
        return start(LoopConfig.named(name));
    }

    /// Starts a loop on a thread of its own. It lives until [#exit], with or without handles.
    /// @param config how it is set up
    /// @return the running loop
    static EventLoop start(LoopConfig config) {
        return SelectorLoop.start(requireNonNull(config, "config"));
    }

    /// {@return a loop that the calling thread turns by hand, by a clock of its own}
    /// @param clock the time in nanoseconds from an arbitrary origin; never goes back
    static ManualLoop manual(LongSupplier clock) {
        return TurnedLoop.create(LoopConfig.named("manual"), requireNonNull(clock, "clock"));
    }

    /// {@return a loop that the calling thread turns by hand, by a clock of its own}
    /// @param config how it is set up
    /// @param clock the time in nanoseconds from an arbitrary origin; never goes back
    static ManualLoop manual(LoopConfig config, LongSupplier clock) {
        return TurnedLoop.create(requireNonNull(config, "config"), requireNonNull(clock, "clock"));
    }

    /// {@return the loop that runs on this thread}
    /// @throws IllegalStateException if none does
    static EventLoop current() {
        return SelectorLoop.current();
    }

    /// {@return the name given to this loop}
    String name();

    /// Runs `action` once `delay` has passed, counted from this call (cl-async's `delay`).
    /// @param delay how long to wait, rounded up to a millisecond; zero means when timers have their turn again
    /// @param action runs under the scope of the caller
    /// @return the timer, open until the action has begun
    /// @throws IllegalArgumentException if `delay` is negative
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Timer after(Duration delay, Runnable action);

    /// Runs `action` again and again (cl-async's `interval`): first once `period` has passed, then at multiples of it.
    /// Ticks that were missed, because a callback took too long, are skipped.
    /// @param period the time between two runs; at least a millisecond
    /// @param action runs under the scope of the caller
    /// @return the timer, open until it is closed
    /// @throws IllegalArgumentException if `period` is shorter than a millisecond
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Timer every(Duration period, Runnable action);

    /// Runs `action` again and again, as [#every(Duration, Runnable)] does.
    /// @param period the time between two runs; at least a millisecond
    /// @param missed what becomes of ticks that were missed because a callback took too long
    /// @param action runs under the scope of the caller
    /// @return the timer, open until it is closed
    /// @throws IllegalArgumentException if `period` is shorter than a millisecond
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Timer every(Duration period, Timer.Missed missed, Runnable action);

    /// Runs `step` once in every turn, and keeps the loop from sleeping (cl-async's `idle`).
    /// @param step runs under the scope of the caller
    /// @return the idler, open until it is closed
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Idler idle(Runnable step);

    /// Runs `step` in every turn, again and again while the loop has nothing else to do, and keeps the loop from sleeping.
    /// @param budget how long the steps of a turn may go on; a step that has begun is not cut off
    /// @param step runs under the scope of the caller
    /// @return the idler, open until it is closed
    /// @throws IllegalArgumentException if `budget` is negative
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Idler idle(Duration budget, Runnable step);

    /// {@return a single-shot notifier, which lets any thread run `action` here} (cl-async's `make-notifier`)
    /// @param action runs under the scope of the caller of this method
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Notifier notifier(Runnable action);

    /// {@return an event: inactive until its timeout, or any thread, makes it run `action` once} (cl-async's `make-event`)
    /// @param action runs under the scope of the caller of this method
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    LoopEvent event(Runnable action);

    /// Runs `action` whenever the process gets a signal (cl-async's `signal-handler`). Signals that come faster than it
    /// runs coalesce, as they do in the system. There may be several handlers of one signal, on one loop or many.
    /// @param signal which one
    /// @param action runs under the scope of the caller
    /// @return a repeating notifier that the signal triggers; it keeps the loop alive until it is closed or unreferenced,
    ///     and the last one of a signal that is closed restores what was before
    /// @throws IllegalStateException if the system or the JVM keeps the signal for itself, or this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Notifier onSignal(Signal signal, Runnable action);

    /// {@return a mailbox: every message that any thread sends gets to `receiver` here, in order}
    /// @param <T> the type of the messages
    /// @param capacity how many messages may wait
    /// @param overflow what happens to one more
    /// @param receiver runs for each message, under the scope of its sender
    /// @throws IllegalArgumentException if `capacity` is not positive
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    <T> Mailbox<T> mailbox(int capacity, Mailbox.Overflow overflow, Consumer<? super T> receiver);

    /// Watches a channel (cl-async's `poll`).
    /// @param channel in non-blocking mode, not watched by this loop already; a channel whose poll was closed may be
    ///     watched again from the next turn on
    /// @param operations the [java.nio.channels.SelectionKey] operations to wait for, or 0
    /// @param handler runs under the scope of the caller
    /// @return the poll, open until it is closed
    /// @throws IllegalArgumentException if the channel does not support one of the operations
    /// @throws IllegalStateException if the channel is closed, in blocking mode or watched already, or this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    Poll poll(SelectableChannel channel, int operations, Poll.Handler handler);

    /// Runs `action` once, at the end of this turn: before the loop waits. An action that is put off there in its turn
    /// runs at the end of the next turn, which does not wait.
    /// @param action runs under the loop's own scope
    /// @throws WrongThreadException if called from another thread than the loop's
    void atTurnEnd(Runnable action);

    /// {@return this loop's one buffer for reading: direct, 64 KiB, cleared} It is the caller's until the running
    /// callback returns or calls somebody else.
    /// @throws WrongThreadException if called from another thread than the loop's
    ByteBuffer readBuffer();

    /// Lends this loop's one buffer for writing: direct, 64 KiB. It is the borrower's until the end of the turn, or until
    /// somebody else asks: then `flush` gets it, flipped, and it is cleared afterwards. Asking again with the same `flush`
    /// returns the buffer as it was left.
    /// @param flush identifies the borrower; takes out what the buffer contains, without blocking, and does not ask for
    ///     the buffer
    /// @return the buffer, positioned behind what the borrower has put in so far
    /// @throws IllegalStateException if called from a `flush`
    /// @throws WrongThreadException if called from another thread than the loop's
    ByteBuffer writeBuffer(Consumer<ByteBuffer> flush);

    /// Ends this loop at the end of the turn: what is due in this turn still runs, the rest is dropped. From any thread.
    void exit();

    /// Runs `action` when this loop ends, before its handles are closed: the last registered first. All run, even if one
    /// throws.
    /// @param action runs under the scope of the caller
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the loop's
    void onExit(Runnable action);

    /// {@return what keeps this loop alive: each open, referenced handle and each hold, with the place it was made at
    /// while tracing is on (see [dev.thrum.scope.Trace])}
    /// @throws WrongThreadException if called from another thread than the loop's
    List<String> whyAlive();

    /// {@return how many turns the [Watchdog] has reported} From any thread.
    long blockedTurns();

    /// Waits, on another thread, until this loop has ended.
    /// @param limit how long to wait at most
    /// @return whether it has ended
    /// @throws InterruptedException if the caller is interrupted while it waits
    /// @throws WrongThreadException if called from the loop's own thread
    boolean awaitEnd(Duration limit) throws InterruptedException;
}
