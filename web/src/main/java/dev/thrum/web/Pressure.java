package dev.thrum.web;

import java.util.function.BooleanSupplier;

/// A reason to refuse requests, and whether it holds: looked at once in a millisecond at most, by whichever loop comes first.
final class Pressure {
    private static final long FRESH = 1_000_000; // nanoseconds

    private final String reason;
    private final BooleanSupplier condition;
    private volatile long lookedAt = System.nanoTime() - FRESH;
    private volatile boolean high;

    Pressure(String reason, BooleanSupplier condition) {
        this.reason = reason;
        this.condition = condition;
    }

    String reason() {
        return reason;
    }

    boolean isHigh() {
        long now = System.nanoTime();
        if (now - lookedAt >= FRESH) {
            lookedAt = now;
            high = condition.getAsBoolean();
        }
        return high;
    }
}
