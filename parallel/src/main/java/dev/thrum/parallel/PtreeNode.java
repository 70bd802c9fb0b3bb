package dev.thrum.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A node of a [Ptree]. Everything that changes is guarded by the tree's lock.
final class PtreeNode {
    enum State {
        /// Nobody has asked for it.
        UNDONE,
        /// Some of its children are not done.
        WAITING,
        /// It stands in line.
        READY,
        RUNNING,
        DONE,
        FAILED
    }

    final Object id;
    final List<Object> childIds;
    final Function<List<@Nullable Object>, @Nullable Object> body;
    private final List<PtreeNode> dependents = new ArrayList<>(); // that wait for it
    final List<PtreeRun.Call> callers = new ArrayList<>();
    @Nullable List<PtreeNode> children; // once all are defined
    State state = State.UNDONE;
    int pending; // children that are not done
    int walk; // the last walk that came here
    boolean onPath; // of that walk
    @Nullable Object runner; // who computes it
    @Nullable Object value;
    @Nullable Throwable reason;
    long nanos;

    PtreeNode(Object id, List<Object> childIds, Function<List<@Nullable Object>, @Nullable Object> body) {
        this.id = id;
        this.childIds = childIds;
        this.body = body;
    }

    List<PtreeNode> knownChildren() {
        List<PtreeNode> known = children;
        return known == null ? List.of() : known;
    }

    /// {@return whether it is done, or will not be}
    boolean isSettled() {
        return state == State.DONE || state == State.FAILED;
    }

    void awaitedBy(PtreeNode dependent) {
        dependents.add(dependent);
        dependent.pending++;
    }

    List<PtreeNode> takeDependents() {
        List<PtreeNode> all = List.copyOf(dependents);
        dependents.clear();
        return all;
    }

    /// {@return the values of its children, which are done}
    List<@Nullable Object> arguments() {
        List<@Nullable Object> values = new ArrayList<>(childIds.size());
        knownChildren().forEach(child -> values.add(child.value));
        return values;
    }

    /// {@return its name, state and time}
    String label() {
        return id + "\n" + state.name().toLowerCase(Locale.ROOT) + (nanos == 0 ? "" : " " + nanos / 1_000 + " µs");
    }

    /// Forgets what came of it, and what it was about to do.
    void reset() {
        state = State.UNDONE;
        dependents.clear();
        pending = 0;
        runner = null;
        value = null;
        reason = null;
        nanos = 0;
    }
}
