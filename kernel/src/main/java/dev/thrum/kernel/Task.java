package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.Optional;
import java.util.function.Consumer;

/// What a task may ask for while it runs, and the bindings that submissions look at.
///
/// **Threads.** Any thread; outside a worker there is no task, and nothing happens.
public final class Task {

    /// The category of tasks submitted where none is bound.
    public static final Object DEFAULT_CATEGORY = "default";

    /// The category of tasks submitted under a scope: Lisp's `*task-category*`. [Channel#in] goes before it.
    public static final Key<Object> CATEGORY = Key.of("task category");

    /// The priority of tasks submitted under a scope: Lisp's `*task-priority*`. [Channel#at] goes before it.
    public static final Key<Priority> PRIORITY = Key.of("task priority");

    private Task() {}

    /// Tells the task handlers of a problem before anything is given up. A handler that says [TaskHandler.Use] makes
    /// this call return its value; one that declines lets it return; any other verdict ends the task, or begins it again,
    /// by an error that must not be caught.
    /// @param problem what went wrong
    /// @return the value to go on with; empty if no handler had one, or outside a task
    public static Optional<Object> signal(Throwable problem) {
        requireNonNull(problem, "problem");
        return Worker.currentTeam().flatMap(team -> Handlers.signal(problem, Scope.current(), team));
    }

    /// Runs `action` when the task that calls this is killed, on the thread of the killer: for whoever does something in a
    /// task that others wait for.
    /// @param action receives the reason; passes the word on
    /// @return forgets the action; it is forgotten with the end of the task as well
    public static Registration onKill(Consumer<? super Throwable> action) {
        Worker worker = Worker.current();
        return worker == null ? Registration.none() : worker.family().onCancel(requireNonNull(action, "action"));
    }

    /// Ends the current task here if it was killed. For long loops; costs a few nanoseconds.
    /// @throws TaskKilledException if the task that runs this was killed
    public static void checkpoint() {
        if (Thread.currentThread() instanceof Worker worker
                && (worker.isCondemned() || worker.handedOut().isCondemned())) {
            throw new TaskKilledException("the task was killed", null);
        }
    }
}
