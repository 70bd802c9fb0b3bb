package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.TaskHandler.Debug;
import dev.thrum.kernel.TaskHandler.Decline;
import dev.thrum.kernel.TaskHandler.Kill;
import dev.thrum.kernel.TaskHandler.Retry;
import dev.thrum.kernel.TaskHandler.Transfer;
import dev.thrum.kernel.TaskHandler.Use;
import dev.thrum.kernel.TaskHandler.Verdict;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The task handlers in force, innermost first.
record Handlers(@Nullable TaskHandler innermost, @Nullable Handlers outer) {
    private static final Key<Handlers> KEY = Key.of("task handlers");
    private static final Handlers NONE = new Handlers(null, null);

    /// Carries a verdict from [Task#signal] to the end of the task.
    @SuppressWarnings("serial") // it never leaves the worker
    private static final class Unwinding extends Error {
        private final Verdict verdict;

        Unwinding(Verdict verdict) {
            super("a task handler decided about the task; do not catch this", null, false, false);
            this.verdict = verdict;
        }
    }

    static Handlers of(Scope scope) {
        return scope.get(KEY).orElse(NONE);
    }

    static Scope bind(TaskHandler handler) {
        Scope scope = Scope.current();
        return scope.with(KEY, new Handlers(handler, of(scope)));
    }

    /// Asks about a problem in the midst of a task.
    static Optional<Object> signal(Throwable problem, Scope scope, Team team) {
        Verdict verdict = of(scope).ask(problem, scope, team);
        return switch (verdict) {
            case Use(Object value) -> Optional.ofNullable(value);
            case Decline() -> Optional.empty();
            case Transfer _, Retry _, Debug _, Kill _ -> throw new Unwinding(verdict);
        };
    }

    /// Asks about what a task threw.
    /// @return [Use], [Retry], or [Transfer] with the reason
    static Verdict judge(Throwable problem, Terms terms, Team team) {
        if (problem instanceof Unwinding unwinding) {
            return unwinding.verdict;
        }
        if (terms.handlers == NONE && team.config().debugger().isEmpty()) {
            return new Transfer(problem);
        }
        try {
            Verdict verdict = terms.handlers.ask(problem, terms.scope, team);
            return verdict instanceof Decline ? unhandled(problem, team) : verdict;
        } catch (Throwable worse) {
            return new Transfer(worse);
        }
    }

    /// {@return [Use], [Retry], [Decline], or [Transfer] with the reason}
    private Verdict ask(Throwable problem, Scope scope, Team team) {
        Throwable asked = problem;
        for (Handlers each = this; each.innermost != null; each = requireNonNull(each.outer)) {
            try {
                Verdict verdict = each.consult(asked, scope);
                if (!(verdict instanceof Decline)) {
                    return settled(verdict, asked, team);
                }
            } catch (Unwinding unwinding) {
                return unwinding.verdict;
            } catch (Throwable worse) {
                asked = worse;
            }
        }
        return asked == problem ? new Decline() : unhandled(asked, team);
    }

    private Verdict consult(Throwable problem, Scope scope) {
        TaskHandler handler = requireNonNull(innermost);
        return scope.with(KEY, requireNonNull(outer)).call(() -> handler.decide(problem));
    }

    private static Verdict unhandled(Throwable problem, Team team) {
        return team.config().debugger().isPresent() ? debug(problem, team) : new Transfer(problem);
    }

    private static Verdict settled(Verdict verdict, Throwable problem, Team team) {
        return switch (verdict) {
            case Use _, Retry _, Decline _ -> verdict;
            case Transfer(Throwable instead) -> instead == null ? new Transfer(problem) : verdict;
            case Debug() -> debug(problem, team);
            case Kill() -> new Transfer(new TaskKilledException("a task handler ended the task", problem));
        };
    }

    private static Verdict debug(Throwable problem, Team team) {
        Running task = Worker.here(team).runningInnermost().orElse(null);
        if (task == null) {
            return new Transfer(problem); // it was killed, and there is nothing left to decide
        }
        Debugger debugger = team.config().debugger().orElseGet(Debugger::logging);
        try {
            Verdict verdict = debugger.decide(problem, task);
            boolean undecided = verdict instanceof Debug || verdict instanceof Decline;
            return settled(undecided ? new Transfer() : verdict, problem, team);
        } catch (Throwable failed) {
            if (failed != problem) {
                problem.addSuppressed(failed);
            }
            return new Transfer(problem);
        }
    }
}
