package dev.thrum.loop;

import java.util.function.Consumer;

/// Runs a callback on its loop when any thread says so.
///
/// ```java
/// EventLoop.run(loop -> {
///     Notifier done = loop.notifier(() -> IO.println("Job finished! " + result));
///     Thread.ofPlatform().start(() -> {
///         result = work();
///         done.trigger();
///     });
/// });
/// ```
///
/// Triggers coalesce: however many arrive before the callback runs, it runs once and answers them all. A notifier is
/// *single-shot* unless it is made [#repeating]: it frees itself after its callback, also when that failed. Until it is
/// freed it keeps its loop alive, triggered or not, unless it is unreferenced.
///
/// **Threads.** [#trigger] and [#isFreed] may be called from any thread, and never block; the rest belongs to the loop's
/// thread.
/// **Ordering.** What was done before a [#trigger] that returned true is visible to a callback that follows. A trigger
/// that races with the notifier's end, or with the loop's, is delivered or answered false: never lost.
/// **Failure.** What the callback throws goes to [#onError]'s handler, else along the loop's error route.
///
/// The counterpart of cl-async's `notifier`.
public sealed interface Notifier extends Handle permits LoopNotifier {

    /// Makes this run its callback for every trigger, until it is freed (cl-async's `:single-shot nil`).
    /// @return this notifier
    /// @throws IllegalStateException if this is freed
    /// @throws WrongThreadException if called from another thread than the loop's
    Notifier repeating();

    /// Makes `handler` receive what the callback throws (cl-async's `:event-cb`).
    /// @param handler runs under the scope of this notifier
    /// @return this notifier
    /// @throws WrongThreadException if called from another thread than the loop's
    Notifier onError(Consumer<? super Throwable> handler);

    /// Asks for the callback. From any thread; it never blocks and allocates nothing.
    /// @return true if a callback will follow that sees what the caller did before; false once this is freed, or the
    ///     one callback of a single-shot notifier has begun, or the loop has ended
    boolean trigger();

    /// Ends this notifier. A callback that a trigger was promised before still runs, once.
    /// @throws IllegalStateException if this is freed already
    /// @throws WrongThreadException if called from another thread than the loop's
    void free();

    /// {@return whether this is freed: by [#free] or [#close], by its one callback, or by the end of the loop} From any
    /// thread.
    boolean isFreed();

    /// Ends this notifier as [#free] does; on a freed one it does nothing.
    /// @throws WrongThreadException if called from another thread than the loop's
    @Override
    void close();
}
