package dev.thrum.promise;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Gives up when it takes too long.
final class Within<T extends @Nullable Object> extends Step<T, T> {
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

    @Override
    Object apply(Object result) {
        return result;
    }
}
