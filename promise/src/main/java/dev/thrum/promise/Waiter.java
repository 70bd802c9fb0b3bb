package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// What a thread does in place of sleeping while it waits for a promise. A worker runs tasks that its own task has
/// handed out, so that a kernel with one worker does not wait for itself.
///
/// ```java
/// Waiter.during(awaited -> runOneChildOf(current), this::work);    // once, around the life of a thread
/// ```
///
/// **Threads.** It is bound to the thread that calls [#during], and travels to no other. [#help] is called by
/// [Promise#await] on that thread.
/// **Failure.** What [#help] throws is thrown by [Promise#await].
@FunctionalInterface
public interface Waiter {

    /// Does one piece of work, if there is one that this thread may do while it waits. That should be only what the
    /// waiting code has itself handed out, directly or not: anything else may need a lock that the waiting code holds,
    /// or take for ever.
    ///
    /// It is called before the thread sleeps, and again as long as it answers true and the promise is pending; an
    /// interrupt ends the wait between two calls. A sleeping thread asks again when somebody unparks it
    /// ([java.util.concurrent.locks.LockSupport#unpark]), and about once a second.
    /// @param awaited what the thread waits for; its [Promise#state] says when there is no more need
    /// @return whether it did something; false lets the thread sleep
    boolean help(Promise<?> awaited);

    /// {@return what `body` returns, run with `waiter` bound to this thread} An inner binding goes before an outer one.
    /// @param <R> the type of the result
    /// @param <X> what `body` may throw
    /// @param waiter what waiting means inside
    /// @param body what to run
    /// @throws X if `body` does
    static <R extends @Nullable Object, X extends Throwable> R during(
            Waiter waiter, ScopedValue.CallableOp<? extends R, X> body) throws X {
        return ScopedValue.where(Await.WAITER, requireNonNull(waiter, "waiter")).call(body);
    }
}
