package dev.thrum.promise;

import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The nodes whose callbacks are due on one thread. Settling from inside a callback queues here instead of recursing.
final class Trampoline {
    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    private @Nullable Node<?> first; // in front of the queue: most chains never need the queue
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
        add(node);
        if (scope == null) {
            drain();
        }
    }

    /// Queues `node`.
    void add(Node<?> node) {
        if (first == null && due == null) {
            first = node;
        } else {
            queue().add(node);
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
        if (first != null || due != null) {
            drain();
        }
    }

    private void drain() {
        Scope outer = scope;
        scope = Scope.current();
        try {
            for (Node<?> node = next(); node != null; node = next()) {
                proceed(node);
            }
        } finally {
            scope = outer;
        }
    }

    /// Callbacks do not throw, but a home may, and a stack may be full: the other nodes are due all the same.
    private void proceed(Node<?> node) {
        try {
            node.proceed(this);
        } catch (Throwable problem) {
            node.home.report(problem, node.scope());
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
