package dev.thrum.kernel;

import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends tasks to a kernel and receives their results, in the order in which they are done. Not `java.nio`'s channel: the
/// name is lparallel's.
///
/// ```java
/// Channel<Long> fibs = kernel.channel();
/// fibs.submit(() -> fib(40));
/// fibs.at(Priority.LOW).in("reports").submit(() -> fib(45));
/// long first = fibs.receive();
/// ```
///
/// The views made by [#in] and [#at] send to the same kernel and share one line of results. A channel that nobody
/// refers to any more is collected with its results.
///
/// **Threads.** Any thread, several at once. The two `receive` methods block, also in a worker: a task that waits for
/// another one keeps its worker waiting, and on a kernel of one worker for ever.
/// **Ordering.** A submission *happens-before* the task, and the task *happens-before* the receive of its result.
/// **Failure.** A task runs under the scope of its sender, but without its home. A task whose sender's scope is cancelled
/// does not run, and one that runs is killed; the receiver gets the reason. A failed task's exception is thrown by the
/// receive that would have returned its result.
///
/// @param <T> the type of the results
public sealed interface Channel<T extends @Nullable Object> permits ChannelView {

    /// Hands `task` to the kernel. Never blocks: what has no room in a bounded channel is held back until it has.
    /// @param task what a worker runs
    /// @throws RejectedExecutionException if the kernel has ended
    void submit(Callable<? extends T> task);

    /// {@return the next result, waiting for it if need be}
    /// @throws InterruptedException if the thread is interrupted while it waits; no result is lost
    /// @throws TaskException if the task failed, with its exception as the cause
    /// @throws TaskKilledException if the task was killed
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait
    T receive() throws InterruptedException;

    /// {@return the next result, or empty if none comes in time}
    /// @param timeout how long to wait; zero or less to look only
    /// @throws InterruptedException if the thread is interrupted while it waits; no result is lost
    /// @throws TaskException if the task failed, with its exception as the cause
    /// @throws TaskKilledException if the task was killed
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait
    Optional<Received<T>> receive(Duration timeout) throws InterruptedException;

    /// {@return the next result, or empty if none is there}
    /// @throws TaskException if the task failed, with its exception as the cause
    /// @throws TaskKilledException if the task was killed
    Optional<Received<T>> tryReceive();

    /// Receives `count` results, as they come. Lisp's `do-fast-receives`.
    /// @param count how many
    /// @param each receives each result
    /// @throws IllegalArgumentException if `count` is negative
    /// @throws InterruptedException if the thread is interrupted while it waits; the results to come stay in the channel
    /// @throws TaskException if a task failed; the results after it stay in the channel
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait
    void receive(int count, Consumer<? super T> each) throws InterruptedException;

    /// {@return this channel, with its submissions under `category`, whatever [Task#CATEGORY] says}
    /// @param category what [Kernel#kill] will name; compared by `equals`
    Channel<T> in(Object category);

    /// {@return this channel, with its submissions at `priority`, whatever [Task#PRIORITY] says}
    /// @param priority the priority
    Channel<T> at(Priority priority);

    /// Puts `value` into the channel once `delay` has passed, without a worker. Lisp's `submit-timeout`; for a limit on
    /// a wait use [#receive(Duration)], for one on work [Scope#within].
    /// @param delay how long to wait; zero or less means at once
    /// @param value the result
    /// @return a way to end the wait
    Timeout<T> submitTimeout(Duration delay, T value);

    /// A result that waits for its time.
    ///
    /// **Threads.** Any thread.
    ///
    /// @param <T> the type of the result
    interface Timeout<T extends @Nullable Object> {
        /// Puts `value` into the channel now, in place of the timeout's own. Lisp's `cancel-timeout`.
        /// @param value the result
        /// @return false if the time was over, or somebody else cancelled it; then nothing happens
        boolean cancel(T value);
    }

    /// {@return how many tasks are held back until there is room; always 0 in a channel without a bound}
    int held();

    /// {@return the kernel it sends to}
    Kernel kernel();
}
