package dev.thrum.promise;

import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The nodes whose callbacks are due on one thread. Settling from inside a callback queues here instead of recursing.
final class Trampoline {
    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    private @Nullable Node<?> first; // in front of the queue, which few need
    private @Nullable ArrayDeque<Node<?>> due; // null while it is empty
    private @Nullable Scope scope; // that of the thread while it runs callbacks; null while it does not

    private Trampoline() {}

    static Trampoline ofThisThread() {
        return OF_THREAD.get();
    }

    /// {@return the scope that callbacks find on this thread}
    @Nullable Scope scope() {
        return scope;
    }

    /// Runs what `node` is due, and what follows from it; or queues it when called from inside a callback.
    void run(Node<?> node) {
        if (scope == null && isEmpty()) {
            drain(node);
        } else {
            add(node);
            if (scope == null) {
                drain(next());
            }
        }
    }

    /// Queues `node`.
    void add(Node<?> node) {
        if (isEmpty()) {
            first = node;
        } else {
            queue().add(node);
        }
    }

    /// Queues what a step became, if it is to be told.
    void addAnswered(@Nullable Node<?> node) {
        if (node != null) {
            add(node);
        }
    }

    private ArrayDeque<Node<?>> queue() {
        if (due == null) {
            due = new ArrayDeque<>();
        }
        return due;
    }

    /// Runs what is queued, for a callback that is about to wait for some of it.
    void help() {
        drain(next());
    }

    /*
     * A chain goes on from node to node in a local variable. This object is old, and a collector like G1 lets a write to an
     * old object cost more than a whole link of a chain.
     */
    private void drain(@Nullable Node<?> begin) {
        Scope outer = scope;
        scope = Scope.current();
        try {
            Node<?> node = begin;
            while (node != null) {
                Node<?> following = proceed(node);
                if (following == null) {
                    node = next();
                } else if (isEmpty()) {
                    node = following;
                } else {
                    add(following);
                    node = next();
                }
            }
        } finally {
            scope = outer;
        }
    }

    private boolean isEmpty() {
        return first == null && due == null;
    }

    /// Callbacks do not throw, but a home may, and a stack may be full: the other nodes are due all the same.
    private @Nullable Node<?> proceed(Node<?> node) {
        try {
            return node.proceed(this);
        } catch (Throwable problem) {
            node.home.report(problem, node.scope());
            return null;
        }
    }

    private @Nullable Node<?> next() {
        Node<?> node = first;
        if (node != null) {
            first = null;
        } else if (due != null) {
            node = due.poll();
            if (due.isEmpty()) {
                due = null;
            }
        }
        return node;
    }
}
