package dev.thrum.promise;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// An executor as the home of the promises that [Promise#on] makes. It has no thread of its own, no life and no clock.
record ExecutorHome(Executor executor) implements Home {

    @Override
    public boolean isHere() {
        return false;
    }

    @Override
    public boolean post(Runnable action) {
        try {
            executor.execute(action);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the caller reports what is lost
        } catch (RuntimeException e) {
            report(e, Scope.current());
            return false;
        }
    }

    @Override
    public Registration hold() {
        return Registration.none();
    }

    @Override
    public Registration schedule(Duration delay, Runnable action) {
        return Home.root().schedule(delay, () -> execute(action));
    }

    @Override
    public long nanoTime() {
        return Home.root().nanoTime();
    }

    @Override
    public void report(Throwable problem, Scope scope) {
        Home.root().report(problem, scope);
    }
}
