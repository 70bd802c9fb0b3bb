package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A step without a callback: the result passes through.
abstract sealed class Passing<T extends @Nullable Object> extends Step<T, T> {

    Passing(Home home) {
        super(home);
    }

    @Override
    Object apply(Object result) {
        return result;
    }

    /// Hands the result on to a promise at another home.
    static final class Moved<T extends @Nullable Object> extends Passing<T> {
        Moved(Home home) {
            super(home);
        }

        @Override
        @Nullable Node<?> fire(Object result, Trampoline trampoline) {
            source = null;
            settleFromAnywhere(Outcome.handedOn(result));
            return null;
        }

        @Override
        void drop() {
            Node<?> waitedFor = source;
            Object known = waitedFor == null ? null : waitedFor.settled();
            settleFromAnywhere(known == null ? refused() : Outcome.handedOn(known));
        }

        @Override
        void lose() {
            settleFromAnywhere(refused());
        }
    }

    /// Gives up when it takes too long.
    static final class Within<T extends @Nullable Object> extends Passing<T> {
        private static final Registration OVER = () -> {};

        private final AtomicReference<@Nullable Registration> timer = new AtomicReference<>(); // OVER once settled

        Within(Home home) {
            super(home);
        }

        /// Starts the timer; not before this is attached, since it may be due at once.
        Within<T> start(Duration limit) {
            if (isOpen()) {
                Registration started = home.schedule(
                        limit, () -> cancel(new TimeoutException("the promise was not settled within " + limit)));
                if (!timer.compareAndSet(null, started)) {
                    started.close();
                }
            }
            return this;
        }

        @Override
        void whenTaken() {
            Registration started = timer.getAndSet(OVER);
            if (started != null) {
                started.close();
            }
        }
    }

    /// Gives its name to the failures that go through it.
    static final class Named<T extends @Nullable Object> extends Passing<T> {
        private final String name;

        Named(Home home, String name) {
            super(home);
            this.name = name;
        }

        @Override
        boolean concerns(Object result) {
            return true;
        }

        @Override
        Object apply(Object result) {
            return Outcome.handedOn(result) instanceof Failure failure ? failure.named(name) : result;
        }
    }
}
