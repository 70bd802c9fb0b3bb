package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Tasks that belong together: counted, received as they are done or in the order of their submission, and dropped at the
/// end where they have not begun. Lisp's counted, indexed and cancelable submissions.
///
/// ```java
/// try (Batch<Page> pages = kernel.batch()) {
///     urls.forEach(url -> pages.submit(() -> fetch(url)));
///     return pages.receiveAll();
/// }
/// ```
///
/// **Threads.** A local variable of one thread. [#receive] and [#receiveAll] block.
/// **Failure.** As in [Channel].
///
/// @param <T> the type of the results
public final class Batch<T extends @Nullable Object> implements AutoCloseable {
    private final ChannelView<T> channel;
    private final Map<ChannelJob, Integer> outstanding = new HashMap<>(); // not received, with their indexes
    private final List<Indexed<T>> early = new ArrayList<>(); // received in vain: something broke off the receive of all
    private int submitted;

    private record Indexed<T extends @Nullable Object>(int index, T value) {}

    Batch(Team team) {
        channel = ChannelView.of(new Results(team, Integer.MAX_VALUE));
    }

    /// Hands `task` to the kernel. Its category and priority are those of the scope.
    /// @param task what a worker runs
    /// @return its index: how many were submitted before it
    /// @throws RejectedExecutionException if the kernel has ended
    public int submit(Callable<? extends T> task) {
        outstanding.put(channel.send(task), submitted);
        return submitted++;
    }

    /// {@return how many results have not been received}
    public int pending() {
        return early.size() + outstanding.size();
    }

    /// {@return the next result, in the order in which they are done}
    /// @throws IllegalStateException if nothing is pending
    /// @throws InterruptedException if the thread is interrupted while it waits; no result is lost
    /// @throws TaskException if the task failed, with its exception as the cause
    public T receive() throws InterruptedException {
        return early.isEmpty() ? next().value : early.removeFirst().value;
    }

    /// {@return the results of all pending tasks, in the order of their submission}
    /// @throws InterruptedException if the thread is interrupted while it waits; no result is lost
    /// @throws TaskException if a task failed, as soon as that is known, with its exception as the cause; the results of
    ///     the others are still pending
    public List<T> receiveAll() throws InterruptedException {
        while (!outstanding.isEmpty()) {
            early.add(next());
        }
        early.sort(Comparator.comparingInt(Indexed::index));
        List<T> values = new ArrayList<>();
        early.forEach(each -> values.add(each.value));
        early.clear();
        return Collections.unmodifiableList(values);
    }

    private Indexed<T> next() throws InterruptedException {
        if (outstanding.isEmpty()) {
            throw new IllegalStateException("every result of this batch has been received");
        }
        ChannelJob job = channel.next();
        int index = requireNonNull(outstanding.remove(job), "a task of this batch");
        return new Indexed<>(index, channel.value(job));
    }

    /// Drops the tasks that have not begun. Those that have run on.
    @Override
    public void close() {
        CancellationException reason = new CancellationException("its batch was closed before the task began");
        outstanding.keySet().forEach(job -> channel.drop(job, reason));
    }
}
