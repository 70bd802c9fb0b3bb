package dev.thrum.scope;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A point in the time of a home, and the alarm that waits for it.
final class Deadline {
    private static final Duration LONGEST = Duration.ofDays(36_500); // fits in a long of nanoseconds, twice

    private final Home clock;
    private final Duration limit;
    private final long at; // by the clock
    private @Nullable TimeoutException reason; // guarded by this
    private @Nullable Registration alarm; // guarded by the node it belongs to

    Deadline(Home clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
        this.at = clock.nanoTime() + nanos(limit);
    }

    /// {@return `delay` in nanoseconds: 0 if it is negative, a hundred years if it is longer}
    static long nanos(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return (delay.compareTo(LONGEST) > 0 ? LONGEST : delay).toNanos();
    }

    boolean passed() {
        return left() == 0;
    }

    /// {@return the nanoseconds left, never negative}
    long left() {
        return Math.max(0, at - clock.nanoTime());
    }

    /// {@return why a scope past this deadline is cancelled: the same one whenever it is asked}
    synchronized Throwable reason() {
        TimeoutException why = reason;
        if (why == null) {
            why = new TimeoutException("the time limit of " + limit + " has passed");
            reason = why;
        }
        return why;
    }

    void arm(Consumer<Throwable> action) {
        alarm = Scope.root().call(() -> clock.schedule(Duration.ofNanos(left()), () -> action.accept(reason())));
    }

    void disarm() {
        if (alarm != null) {
            alarm.close();
            alarm = null;
        }
    }
}
