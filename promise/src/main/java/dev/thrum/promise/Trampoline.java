package dev.thrum.promise;

import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The nodes whose callbacks are due on one thread. Settling from inside a callback queues here instead of recursing.
final class Trampoline {
    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    private final ArrayDeque<Node<?>> due = new ArrayDeque<>();
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
        due.add(node);
        if (scope == null) {
            drain();
        }
    }

    /// Runs what is queued, for a callback that is about to wait for some of it.
    void help() {
        if (!due.isEmpty()) {
            drain();
        }
    }

    private void drain() {
        Scope outer = scope;
        scope = Scope.current();
        try {
            for (Node<?> node = due.poll(); node != null; node = due.poll()) {
                node.proceed(this);
            }
        } finally {
            scope = outer;
        }
    }
}
