package dev.thrum.parallel;

import dev.thrum.parallel.PtreeNode.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A walk through a [Ptree], under its lock: down to all that is not computed, without recursion. Finds nodes that are not
/// defined and nodes that need themselves.
final class PtreeWalk {
    private final Map<Object, PtreeNode> nodes;
    private final int number;
    private final Deque<Step> path = new ArrayDeque<>();
    private final Map<Object, List<Object>> undefined = new LinkedHashMap<>(); // and who needs them
    private final List<String> cycles = new ArrayList<>();

    private record Step(PtreeNode node, Iterator<PtreeNode> rest) {}

    PtreeWalk(Map<Object, PtreeNode> nodes, int number) {
        this.nodes = nodes;
        this.number = number;
    }

    void from(PtreeNode start) {
        enter(start);
        while (!path.isEmpty()) {
            Step last = path.getLast();
            if (last.rest.hasNext()) {
                enter(last.rest.next());
            } else {
                last.node.onPath = false;
                path.removeLast();
            }
        }
    }

    private void enter(PtreeNode node) {
        if (node.onPath) {
            cycles.add(cycle(node));
        } else if (node.walk != number && !node.isSettled()) {
            node.walk = number;
            node.onPath = true;
            resolve(node);
            path.addLast(new Step(node, node.knownChildren().iterator()));
        }
    }

    private String cycle(PtreeNode node) {
        StringBuilder names = new StringBuilder("a node needs itself: ");
        boolean inside = false;
        for (Step each : path) {
            inside |= each.node == node;
            if (inside) {
                names.append(each.node.id).append(" → ");
            }
        }
        return names.append(node.id).toString();
    }

    private void resolve(PtreeNode node) {
        if (node.children != null || node.state != State.UNDONE) {
            return;
        }
        List<PtreeNode> children = new ArrayList<>(node.childIds.size());
        for (Object id : node.childIds) {
            PtreeNode child = nodes.get(id);
            if (child == null) {
                undefined.computeIfAbsent(id, _ -> new ArrayList<>()).add(node.id);
            } else {
                children.add(child);
            }
        }
        if (children.size() == node.childIds.size()) {
            node.children = children;
        }
    }

    /// @throws IllegalStateException if something is wrong, with all of it
    void check() {
        List<String> problems = new ArrayList<>();
        undefined.forEach((id, referrers) -> {
            StringBuilder names = new StringBuilder("a node is not defined: ").append(id).append(", needed by ");
            for (int i = 0; i < referrers.size(); i++) {
                names.append(i == 0 ? "" : ", ").append(referrers.get(i));
            }
            problems.add(names.toString());
        });
        problems.addAll(cycles);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
    }
}
