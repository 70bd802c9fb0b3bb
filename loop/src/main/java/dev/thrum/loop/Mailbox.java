package dev.thrum.loop;

import java.util.function.Consumer;

/// Brings a loop every message that any thread sends, in order: for those who need more than a [Notifier] says.
///
/// ```java
/// Mailbox<Job> jobs = loop.mailbox(1_000, Mailbox.Overflow.BLOCK, job -> register(job));
/// Thread.ofVirtual().start(() -> {
///     while (jobs.send(read())) {}
/// });
/// ```
///
/// The receiver runs once for each message, under the scope of its sender, in batches that leave room for the loop's other
/// work. Until it is closed a mailbox keeps its loop alive, unless it is unreferenced.
///
/// A message that was accepted is delivered, also when the mailbox is closed or its loop ends meanwhile; only
/// [Overflow#DROP_OLDEST] takes it back.
///
/// **Threads.** [#send], [#size] and [#dropped] may be called from any thread; the rest belongs to the loop's thread.
/// **Ordering.** Messages of one sender arrive in the order they were sent. What was done before a [#send] that returned
/// true *happens-before* the receiver gets the message.
/// **Failure.** What the receiver throws goes to [#onError]'s handler, else along the loop's error route; the next message
/// is delivered all the same.
/// @param <T> the type of the messages
public sealed interface Mailbox<T> extends Handle permits LoopMailbox {

    /// What happens to a message for which there is no room.
    enum Overflow {
        /// The sender waits for room. Where waiting is against the law, on the thread of a loop, the message is refused.
        BLOCK,
        /// The message is refused.
        REJECT,
        /// The oldest message that waits is dropped in its favour, and counted.
        DROP_OLDEST
    }

    /// Sends a message. From any thread; it blocks only for [Overflow#BLOCK], and never on the thread of a loop.
    /// @param message what the receiver gets
    /// @return whether it was accepted; false if it was refused for want of room, or the mailbox is closed, or the calling
    ///     thread was interrupted while it waited, whose flag is then set
    boolean send(T message);

    /// {@return how many messages wait} From any thread.
    int size();

    /// {@return how many messages were dropped in favour of newer ones} From any thread.
    long dropped();

    /// Makes `handler` receive what the receiver throws.
    /// @param handler runs under the scope of the sender
    /// @return this mailbox
    /// @throws WrongThreadException if called from another thread than the loop's
    Mailbox<T> onError(Consumer<? super Throwable> handler);

    /// Takes no more messages, and tells senders that wait. What was accepted is still delivered. Closing twice does nothing.
    /// @throws WrongThreadException if called from another thread than the loop's
    @Override
    void close();
}
