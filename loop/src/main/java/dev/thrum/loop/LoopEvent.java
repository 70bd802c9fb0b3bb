package dev.thrum.loop;

import java.time.Duration;
import java.util.function.Consumer;

/// Something that is to happen once: it sits inactive until a timeout runs out or any thread activates it, and then runs its
/// callback on the loop.
///
/// ```java
/// EventLoop.run(loop -> {
///     LoopEvent done = loop.event(() -> IO.println("Job finished! " + result));
///     Thread.ofPlatform().start(() -> {
///         result = work();
///         done.activate();
///     });
/// });
/// ```
///
/// Its callback runs once; then the event is freed, also when the callback failed. Until then it keeps its loop alive, armed
/// or not, unless it is unreferenced. A [Notifier] is the same without a timeout, and can be made repeating.
///
/// **Threads.** [#activate] and [#isFreed] may be called from any thread, and never block; the rest belongs to the loop's
/// thread.
/// **Ordering.** What was done before an [#activate] that returned true is visible to the callback.
/// **Failure.** What the callback throws goes to [#onError]'s handler, else along the loop's error route.
///
/// The counterpart of cl-async's `event` (`make-event`, `add-event`).
public sealed interface LoopEvent extends Handle permits TimedEvent {

    /// Makes the callback run once `timeout` has passed, counted from this call (cl-async's `add-event` with `:timeout`).
    /// An earlier timeout is forgotten.
    /// @param timeout how long to wait, rounded up to a millisecond; zero means when timers have their turn again
    /// @return this event
    /// @throws IllegalArgumentException if `timeout` is negative
    /// @throws IllegalStateException if this is freed, or its callback has begun
    /// @throws WrongThreadException if called from another thread than the loop's
    LoopEvent arm(Duration timeout);

    /// Forgets the timeout (cl-async's `remove-event`); it may be armed again. A callback that was promised to somebody who
    /// activated this still runs.
    /// @return this event
    /// @throws IllegalStateException if this is freed, or its callback has begun
    /// @throws WrongThreadException if called from another thread than the loop's
    LoopEvent disarm();

    /// {@return whether a timeout is running}
    /// @throws WrongThreadException if called from another thread than the loop's
    boolean isArmed();

    /// Makes the callback run now (the older `add-event` with `:activate`). From any thread; it never blocks and allocates
    /// nothing.
    /// @return true if a callback will follow that sees what the caller did before; false once this is freed, or its
    ///     callback has begun, or the loop has ended
    boolean activate();

    /// Makes `handler` receive what the callback throws.
    /// @param handler runs under the scope of this event
    /// @return this event
    /// @throws WrongThreadException if called from another thread than the loop's
    LoopEvent onError(Consumer<? super Throwable> handler);

    /// Ends this event. A callback that an activation was promised before still runs, once.
    /// @throws IllegalStateException if this is freed already
    /// @throws WrongThreadException if called from another thread than the loop's
    void free();

    /// {@return whether this is freed: by [#free] or [#close], by its callback, or by the end of the loop} From any thread.
    boolean isFreed();

    /// Ends this event as [#free] does; on a freed one it does nothing.
    /// @throws WrongThreadException if called from another thread than the loop's
    @Override
    void close();
}
