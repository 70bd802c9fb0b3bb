package dev.thrum.scope;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// A place where promises settle and callbacks run, one at a time: an event loop, or the root.
///
/// The **root home** is where code runs that no loop runs: main threads, workers, virtual threads. It has no thread of
/// its own. What is posted to it runs at once on the posting thread, and holding it means nothing.
///
/// **Threads.** Every method may be called from any thread. None blocks.
/// **Ordering.** What happened before [#post] or [#execute] *happens-before* the run of what was posted. Actions
/// posted by one thread run in the order they were posted.
/// **Failure.** What an action throws goes to [#report].
public interface Home extends Executor {

    /// {@return the home of the current scope}
    static Home current() {
        return Scope.current().home();
    }

    /// {@return the home of threads that belong to no loop}
    static Home root() {
        return RootHome.INSTANCE;
    }

    /// {@return whether the calling thread is this home's, so that callbacks may run at once}
    boolean isHere();

    /// Runs `action` here later, under the home's own scope; the root home, which has none, under that of the caller. For
    /// actions that carry a scope of their own; everybody else calls [#execute].
    /// @param action what to run
    /// @return false if this home has ended and will never run it
    boolean post(Runnable action);

    /// Runs `action` here later, under the scope of the caller.
    /// @param action what to run
    /// @throws RejectedExecutionException if this home has ended
    @Override
    default void execute(Runnable action) {
        requireNonNull(action, "action");
        Scope scope = Scope.current();
        if (!post(scope == Scope.root() ? action : () -> scope.at(this).run(action))) {
            throw new RejectedExecutionException("this home has ended: " + this);
        }
    }

    /// Keeps this home alive until the registration is closed. Work handed out to other threads holds the home that
    /// its result comes back to.
    /// @return ends the hold
    Registration hold();

    /// Runs `action` here once `delay` has passed, under the scope of the caller. It does not keep this home alive, and
    /// never runs once the home has ended.
    /// @param delay how long to wait; zero or less means as soon as possible, but not before this call returns
    /// @param action what to run
    /// @return cancels the action
    Registration schedule(Duration delay, Runnable action);

    /// {@return the time in nanoseconds from a fixed, arbitrary origin: the one clock of everything that runs here}
    long nanoTime();

    /// Receives what nobody handled: what a callback threw, or the reason of a rejection without a handler. It throws
    /// nothing, and still works when the home has ended.
    /// @param problem what went wrong
    /// @param scope the scope it went wrong under; [Trace#subject] says what it tells of the problem
    void report(Throwable problem, Scope scope);

    /// Hears which scope runs from now on, on the calling thread: one at this home, or the one around it when that is
    /// over. It is called at every change of scope, so it does next to nothing. A home that watches over its thread uses
    /// it to tell what is done there; the others ignore it.
    /// @param scope the scope
    default void entered(Scope scope) {}
}
