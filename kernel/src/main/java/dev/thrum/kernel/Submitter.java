package dev.thrum.kernel;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Hands tasks to a kernel, with a category and a priority.
///
/// ```java
/// Submitter thumbnails = kernel.in("thumbnail").at(Priority.LOW);
/// thumbnails.submit(() -> scale(picture)).tap(small -> show(small));
/// ```
///
/// What [#in] and [#at] do not say is said by the scope, [Task#CATEGORY] and [Task#PRIORITY]; without either it is
/// [Task#DEFAULT_CATEGORY] and [Priority#DEFAULT].
///
/// **Threads.** Any thread; nothing blocks.
/// **Ordering.** A submission *happens-before* its task.
public sealed interface Submitter extends Executor permits Kernel, SubmitterView {

    /// {@return a promise of what `task` returns, at the caller's home, which it keeps alive until then} Inside it the
    /// reason is what the task threw, a [TaskKilledException] if it was killed, or why the caller's scope was cancelled.
    /// Cancelling the promise drops the task, or kills it.
    /// @param <T> the type of the result
    /// @param task what a worker runs
    /// @throws RejectedExecutionException if the kernel has ended
    <T extends @Nullable Object> Promise<T> submit(Callable<? extends T> task);

    /// Runs `task` in a worker. What it throws goes to the [Home#report] of the caller's home.
    /// @param task what to run
    /// @throws RejectedExecutionException if the kernel has ended
    @Override
    void execute(Runnable task);

    /// {@return one that submits under `category`}
    /// @param category what [Kernel#kill] will name; compared by `equals`
    Submitter in(Object category);

    /// {@return one that submits at `priority`}
    /// @param priority the priority
    Submitter at(Priority priority);
}
