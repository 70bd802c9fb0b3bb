package dev.thrum.loop;

import java.nio.channels.SelectableChannel;
import java.util.function.Consumer;

/// Watches a channel: what [EventLoop#poll] returns. The channel belongs to the caller; closing a poll leaves it open.
///
/// A poll is level-triggered: its handler runs in every turn in which the channel is ready for one of the operations it
/// is interested in. Without interest it still keeps the loop alive.
///
/// **Threads.** The loop's thread only.
/// **Failure.** What the handler throws goes to [#onError]'s handler, else along the loop's error route; the poll stays
/// open.
public sealed interface Poll extends Handle permits ChannelPoll {

    /// What runs when a channel is ready.
    interface Handler {
        /// The channel is ready.
        /// @param ready the operations it is ready for, as in [java.nio.channels.SelectionKey#readyOps]
        void onReady(int ready);

        /// The loop ends while the poll is open: the last chance to close the channel. It runs after the loop's exit
        /// callbacks; a handle made here is closed unrun.
        default void onLoopEnd() {}
    }

    /// {@return the channel}
    SelectableChannel channel();

    /// {@return the operations this waits for}
    /// @throws WrongThreadException if called from another thread than the loop's
    int interest();

    /// Changes what this waits for. Cheap when nothing changes. On a closed poll it does nothing.
    /// @param operations [java.nio.channels.SelectionKey] operations that the channel supports, or 0
    /// @throws IllegalArgumentException if the channel does not support one of them
    /// @throws WrongThreadException if called from another thread than the loop's
    void interest(int operations);

    /// Makes `handler` receive what the callback throws.
    /// @param handler runs under the scope of this poll
    /// @return this poll
    /// @throws WrongThreadException if called from another thread than the loop's
    Poll onError(Consumer<? super Throwable> handler);
}
