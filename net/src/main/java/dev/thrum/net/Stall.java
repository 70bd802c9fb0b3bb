package dev.thrum.net;

import dev.thrum.scope.Registration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ends a connection when one of its directions does not move for too long.
///
/// What moves only writes down the time: the timer runs to its end, looks how long ago that was, and starts again for what
/// is left. So a busy connection does not touch the timers of its loop.
///
/// Loop thread only.
final class Stall implements Runnable {
    private final Connection connection;
    private final String what;
    private final Duration limit;
    private @Nullable Registration timer;
    private long since; // the last progress, by the loop's clock
    private boolean watching;

    Stall(Connection connection, String what, Duration limit) {
        this.connection = connection;
        this.what = what;
        this.limit = limit;
    }

    static void check(String name, Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + limit);
        }
    }

    /// Says whether time counts at all.
    void watch(boolean wanted) {
        if (wanted && !watching) {
            progress();
            if (timer == null) {
                start(limit);
            }
        }
        watching = wanted;
    }

    void progress() {
        since = connection.loop().nanoTime();
    }

    private void start(Duration delay) {
        timer = connection.loop().schedule(delay, this); // whatever becomes of the scope of whoever set the limit
    }

    @Override
    public void run() {
        timer = null;
        if (watching) {
            Duration left = limit.minusNanos(connection.loop().nanoTime() - since);
            if (left.isPositive()) {
                start(left);
            } else {
                connection.fail(new NetException.Timeout(what + " for " + limit + ": " + connection.where(), null));
            }
        }
    }

    void close() {
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }
}
