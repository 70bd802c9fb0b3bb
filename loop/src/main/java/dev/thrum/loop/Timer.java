package dev.thrum.loop;

import java.util.function.Consumer;

/// A callback that runs once a delay has passed, or again and again: what [EventLoop#after] and [EventLoop#every] return.
///
/// The loop's clock has ticks of a millisecond. A timer never fires early and, on an idle loop, at most about a tick late.
/// Timers fire in the order in which they are due; those due at the same tick in the order in which they were made.
///
/// **Threads.** The loop's thread only.
/// **Failure.** What the callback throws goes to [#onError]'s handler, else along the loop's error route. An interval
/// goes on.
public sealed interface Timer extends Handle permits LoopTimer {

    /// What an interval does about ticks that came and went while its callback, or another one, took too long.
    enum Missed {
        /// They are left out: the next run is at the next multiple of the period.
        SKIP,
        /// Each is made up for, in a turn of its own, until the interval is on time again.
        CATCH_UP,
        /// The next run is a whole period after the end of the late one, and so are all that follow.
        DELAY
    }

    /// Makes `handler` receive what the callback throws.
    /// @param handler runs under the scope of this timer
    /// @return this timer
    /// @throws WrongThreadException if called from another thread than the loop's
    Timer onError(Consumer<? super Throwable> handler);
}
