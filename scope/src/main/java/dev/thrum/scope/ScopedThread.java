package dev.thrum.scope;

import org.jspecify.annotations.Nullable;

/// A thread that carries its current scope in a field: what loops and kernels run on.
///
/// ```java
/// Thread thread = new ScopedThread(this::work, "work", true);
/// ```
///
/// Elsewhere the current scope is a [ScopedValue], which makes two objects whenever a scope is entered. Threads that enter one
/// for each request or task spare them. Nothing else differs: it begins under [Scope#root], and what it has entered it leaves
/// on every path.
///
/// **Threads.** Its scope is touched by itself alone.
public class ScopedThread extends Thread {
    private Scope scope = Scope.root();

    /// Makes a thread, to be started by [#start].
    /// @param body what it runs, unless [#run] is overridden
    /// @param name its name
    /// @param inherits whether it takes over inheritable thread-locals, and the context class loader, of the thread that makes it
    public ScopedThread(@Nullable Runnable body, String name, boolean inherits) {
        super(null, body, name, 0, inherits);
    }

    final Scope scope() {
        return scope;
    }

    /// Runs `body` under `inner`.
    final void run(Scope inner, Runnable body) {
        Scope outer = scope;
        scope = inner;
        try {
            body.run();
        } finally {
            scope = outer;
        }
    }

    /// {@return what `body` returns, run under `inner`}
    final <R extends @Nullable Object, X extends Throwable> R call(
            Scope inner, ScopedValue.CallableOp<? extends R, X> body) throws X {
        Scope outer = scope;
        scope = inner;
        try {
            return body.call();
        } finally {
            scope = outer;
        }
    }
}
