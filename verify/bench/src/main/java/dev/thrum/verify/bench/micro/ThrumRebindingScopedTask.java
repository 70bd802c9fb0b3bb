package dev.thrum.verify.bench.micro;

import dev.thrum.scope.Scope;

/// A scope that is not the current one.
public class ThrumRebindingScopedTask extends ScopedTask {
    private final Scope scope = Scope.root().child();

    @Override
    protected void run(Runnable task) {
        scope.run(task);
    }
}
