package dev.thrum.kernel;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waiting for other threads, with an end.
final class Waits {
    private static final long LIMIT = SECONDS.toNanos(60);

    private Waits() {}

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not happen in time");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    static void on(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT, NANOSECONDS)) {
                throw new AssertionError("it did not happen in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join(NANOSECONDS.toMillis(LIMIT));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thread.isAlive()) {
            throw new AssertionError("it did not end in time: " + thread);
        }
    }
}
