package dev.thrum.kernel;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The slots of all threads that take part in computations: the workers, and callers from outside.
final class Slots {
    private final Team team;
    private final List<Hands> callers = new CopyOnWriteArrayList<>();

    Slots(Team team) {
        this.team = team;
    }

    /// Runs a computation on the calling thread.
    void spread(Piece root) {
        Worker worker = Worker.current();
        Hands known = worker != null && worker.team() == team ? worker.hands() : ofCaller();
        if (known != null) {
            spread(root, known);
            return;
        }
        Hands hands = new Hands(team, Thread.currentThread());
        callers.add(hands);
        try {
            spread(root, hands);
        } finally {
            callers.remove(hands);
        }
    }

    private void spread(Piece root, Hands hands) {
        Piece outer = hands.current();
        Crew crew = new Crew(team, terms(), outer == null ? null : outer.crew());
        root.belong(outer, crew);
        crew.run(root, hands);
    }

    /// Those of the task that calls, where its scope does not say otherwise.
    private static Terms terms() {
        Worker worker = Worker.current();
        Job job = worker == null ? null : worker.innermost();
        return job == null ? Terms.here(null, null) : Terms.within(job.terms);
    }

    private @Nullable Hands ofCaller() {
        for (Hands each : callers) {
            if (each.isOf(Thread.currentThread())) {
                return each;
            }
        }
        return null;
    }

    boolean areEmpty() {
        for (int i = 0; i < team.workers(); i++) {
            Worker worker = team.roster().at(i);
            if (worker != null && worker.hands().offered() != null) {
                return false;
            }
        }
        for (Hands each : callers) {
            if (each.offered() != null) {
                return false;
            }
        }
        return true;
    }

    /// {@return a piece for a worker without work, as a job, or null}
    @Nullable PieceJob lend() {
        Piece piece = take(any -> true);
        return piece == null ? null : piece.crew().lend(piece);
    }

    /// {@return a piece of which `whole` is made, or null}
    @Nullable Piece takePartOf(Piece whole) {
        return take(piece -> piece.isWithin(whole));
    }

    /// Empties the slots of what belongs to a crew.
    void clear(Crew crew) {
        for (int i = 0; i < team.workers(); i++) {
            Worker worker = team.roster().at(i);
            if (worker != null) {
                clear(worker.hands(), crew);
            }
        }
        callers.forEach(hands -> clear(hands, crew));
    }

    private static void clear(Hands hands, Crew crew) {
        Piece piece = hands.offered();
        if (piece != null && piece.crew().isWithin(crew)) {
            hands.take(piece);
        }
    }

    private @Nullable Piece take(Predicate<Piece> wanted) {
        for (int i = 0; i < team.workers(); i++) {
            Worker worker = team.roster().at(i);
            Piece piece = worker == null ? null : takeFrom(worker.hands(), wanted);
            if (piece != null) {
                return piece;
            }
        }
        for (Hands each : callers) {
            Piece piece = takeFrom(each, wanted);
            if (piece != null) {
                return piece;
            }
        }
        return null;
    }

    private static @Nullable Piece takeFrom(Hands hands, Predicate<Piece> wanted) {
        Piece piece = hands.offered();
        if (piece == null || !wanted.test(piece)) {
            return null;
        }
        if (!piece.isShared()) {
            return hands.take(piece) ? piece : null;
        }
        Piece part = piece.part();
        if (part == null) {
            hands.take(piece);
        }
        return part;
    }
}
