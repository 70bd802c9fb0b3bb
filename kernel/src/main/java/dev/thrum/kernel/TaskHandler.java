package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decides, inside the worker, what becomes of an error of a task. Lisp's `task-handler-bind`.
///
/// ```java
/// TaskHandler.on(IOException.class, e -> new TaskHandler.Use("offline"))
///         .or(TimeoutException.class, e -> new TaskHandler.Retry())
///         .during(() -> pages.submit(() -> fetch(url)));
/// ```
///
/// A handler is bound around submissions and travels with the tasks, and with the tasks that those submit. The innermost
/// is asked first; one that declines passes the question on to the next outer one. It is asked in two places: where a
/// task calls [Task#signal], before anything of its stack is given up, and at the task's end about what it threw.
///
/// **Threads.** Runs in the worker that runs the task; several workers may ask it at once.
/// **Failure.** While a handler runs, the outer ones are in force. What it throws is put to them instead of the first
/// problem; if none takes it, it goes to the receiver.
@FunctionalInterface
public interface TaskHandler {

    /// {@return what is to become of the task}
    /// @param problem what the task signalled or threw
    Verdict decide(Throwable problem);

    /// {@return a handler that decides about problems of one type and declines others}
    /// @param <X> the type of problem
    /// @param type the type of problem
    /// @param decide the decision
    static <X extends Throwable> TaskHandler on(Class<X> type, Function<? super X, ? extends Verdict> decide) {
        requireNonNull(type, "type");
        requireNonNull(decide, "decide");
        return problem -> type.isInstance(problem) ? decide.apply(type.cast(problem)) : new Decline();
    }

    /// {@return a handler that asks this one and then, if it declines, the new one}
    /// @param <X> the type of problem
    /// @param type the type of problem the new one decides about
    /// @param decide the decision
    default <X extends Throwable> TaskHandler or(Class<X> type, Function<? super X, ? extends Verdict> decide) {
        TaskHandler next = on(type, decide);
        return problem -> {
            Verdict verdict = decide(problem);
            return verdict instanceof Decline ? next.decide(problem) : verdict;
        };
    }

    /// Binds this handler to every task that `body` submits.
    /// @param body submits tasks
    default void during(Runnable body) {
        Handlers.bind(this).run(body);
    }

    /// {@return what `body` returns, with this handler bound to every task that it submits}
    /// @param <R> the type of the result
    /// @param <X> what `body` may throw
    /// @param body submits tasks
    /// @throws X if `body` does
    default <R extends @Nullable Object, X extends Throwable> R call(ScopedValue.CallableOp<? extends R, X> body)
            throws X {
        return Handlers.bind(this).<R, X>call(body);
    }

    /// {@return the scope in which this handler is bound, beside those of the current scope}
    default Scope scope() {
        return Handlers.bind(this);
    }

    /// What becomes of the task.
    sealed interface Verdict permits Transfer, Use, Retry, Decline, Debug, Kill {}

    /// The task ends, and its receiver gets the problem. Lisp's restart `transfer-error`.
    /// @param instead what the receiver gets in place of the problem; null for the problem itself
    record Transfer(@Nullable Throwable instead) implements Verdict {
        /// The receiver gets the problem itself.
        public Transfer() {
            this(null);
        }
    }

    /// A value takes the place of what failed: it is what [Task#signal] returns, or, at the end of a task, its result.
    /// @param value the value
    record Use(@Nullable Object value) implements Verdict {}

    /// The task runs again from its beginning.
    record Retry() implements Verdict {}

    /// The next outer handler is asked. If there is none, [Task#signal] returns, and what a task threw goes to its
    /// receiver, or to the kernel's debugger.
    record Decline() implements Verdict {}

    /// The kernel's [Debugger] is asked. Lisp's `invoke-debugger`.
    record Debug() implements Verdict {}

    /// The task ends as if it had been killed.
    record Kill() implements Verdict {}
}
