package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.parallel.PtreeNode.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The nodes of a [Ptree] that somebody has asked for: those that wait for others, and those that stand in line. Everything
/// here is guarded by the tree's lock.
final class PtreeLine {
    /*
     * A node that is asked for counts the children that are not done; with none it stands in line. Who has computed a node
     * counts down those that wait for it. So each node and each edge is looked at a fixed number of times, however deep the
     * tree is, and no walk is recursive.
     */
    private final Deque<PtreeNode> line = new ArrayDeque<>();
    private final Consumer<PtreeNode> settled; // hears of each node that is done, or has failed
    private int asked; // how many nodes wait or stand in line

    PtreeLine(Consumer<PtreeNode> settled) {
        this.settled = settled;
    }

    int length() {
        return line.size();
    }

    /// Puts all that `target` needs in line, or lets it wait.
    void ask(PtreeNode target) {
        Deque<PtreeNode> met = new ArrayDeque<>();
        List<PtreeNode> failed = new ArrayList<>();
        meet(target, met);
        for (PtreeNode node = met.poll(); node != null; node = met.poll()) {
            for (PtreeNode child : node.knownChildren()) {
                meet(child, met);
                if (child.state == State.FAILED) {
                    node.reason = child.reason;
                } else if (child.state != State.DONE) {
                    child.awaitedBy(node);
                }
            }
            if (node.reason != null) {
                failed.add(node);
            } else if (node.pending == 0) {
                enqueue(node);
            }
        }
        failed.forEach(node -> fail(node, requireNonNull(node.reason)));
    }

    private void meet(PtreeNode node, Deque<PtreeNode> met) {
        if (node.state == State.UNDONE) {
            node.state = State.WAITING;
            asked++;
            met.push(node);
        }
    }

    private void enqueue(PtreeNode node) {
        node.state = State.READY;
        line.addLast(node);
    }

    /// {@return the first in line, for `runner` to compute; null if there is none}
    @Nullable PtreeNode take(Object runner) {
        PtreeNode node = line.pollFirst();
        if (node != null) {
            asked--;
            node.state = State.RUNNING;
            node.runner = runner;
        }
        return node;
    }

    /// Puts a node that was taken, and not computed, in line again.
    void putBack(PtreeNode node) {
        node.runner = null;
        asked++;
        enqueue(node);
    }

    void done(PtreeNode node, @Nullable Object value) {
        node.value = value;
        node.state = State.DONE;
        node.runner = null;
        for (PtreeNode each : node.takeDependents()) {
            each.pending--;
            if (each.state == State.WAITING && each.pending == 0) {
                enqueue(each);
            }
        }
        settled.accept(node);
    }

    /// Fails a node and all that wait for it.
    void fail(PtreeNode first, Throwable reason) {
        Deque<PtreeNode> failing = new ArrayDeque<>(List.of(first));
        for (PtreeNode node = failing.poll(); node != null; node = failing.poll()) {
            if (!node.isSettled()) {
                asked -= node.state == State.RUNNING ? 0 : 1;
                node.state = State.FAILED;
                node.reason = reason;
                node.runner = null;
                failing.addAll(node.takeDependents());
                settled.accept(node);
            }
        }
    }

    /// Makes what waits as if nobody had asked; what runs may end.
    /// @param nodes all there are
    void forget(Collection<PtreeNode> nodes) {
        line.clear();
        if (asked > 0) {
            asked = 0;
            for (PtreeNode node : nodes) {
                if (node.state == State.WAITING || node.state == State.READY) {
                    node.reset();
                } else {
                    node.takeDependents();
                }
            }
        }
    }
}
