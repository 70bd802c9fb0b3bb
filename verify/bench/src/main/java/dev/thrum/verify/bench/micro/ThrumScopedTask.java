package dev.thrum.verify.bench.micro;

import dev.thrum.scope.Scope;

/// A scope that is the current one already, as in most callbacks of a loop.
public class ThrumScopedTask extends ScopedTask {
    private final Scope scope = Scope.root().child();

    @Override
    protected void where(Runnable body) {
        scope.run(body);
    }

    @Override
    protected void run(Runnable task) {
        scope.run(task);
    }
}
