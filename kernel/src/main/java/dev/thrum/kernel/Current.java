package dev.thrum.kernel;

import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Which kernel is current: bound in the scope, or the worker's own, or the default of the process.
final class Current {
    private static final Key<Team> BOUND = Key.of("kernel");
    private static final AtomicReference<@Nullable Team> DEFAULT = new AtomicReference<>();

    private Current() {}

    static Optional<Team> team() {
        Optional<Team> bound = Scope.current().get(BOUND);
        Worker worker = Worker.current();
        if (worker != null) {
            Job job = worker.innermost();
            Optional<Team> sent = job == null ? Optional.empty() : job.terms.scope.get(BOUND);
            return bound.equals(sent) ? Optional.of(worker.team()) : bound;
        }
        return bound.or(() -> Optional.ofNullable(DEFAULT.get()));
    }

    /// {@return the scope under which `team` is current}
    static Scope scope(Team team) {
        return Scope.current().with(BOUND, team);
    }

    static void makeDefault(Team team) {
        refuseEnded(team);
        DEFAULT.set(team);
        forgetIfEnded(team);
    }

    /// Starts a kernel, unless one has become current meanwhile.
    static Team start(int workers) {
        Optional<Team> current = team();
        if (current.isPresent()) {
            return current.get();
        }
        Team mine = (Team) Kernel.start(workers);
        Team first = DEFAULT.compareAndExchange(null, mine);
        if (first != null) {
            mine.beginEnd();
            return first;
        }
        forgetIfEnded(mine);
        return mine;
    }

    static void forget(Team team) {
        DEFAULT.compareAndSet(team, null);
    }

    private static void forgetIfEnded(Team team) {
        if (team.isEnding()) {
            forget(team);
        }
    }

    private static void refuseEnded(Team team) {
        if (team.isEnding()) {
            throw new IllegalStateException("an ended kernel cannot be the default: " + team);
        }
    }
}
