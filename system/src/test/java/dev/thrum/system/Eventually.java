package dev.thrum.system;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what other threads or the operating system do in their own time, where nobody tells.
final class Eventually {
    private static final long PATIENCE = 60_000_000_000L;

    private Eventually() {}

    static void holds(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("never came true: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
