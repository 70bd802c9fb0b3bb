package dev.thrum.verify.bench.micro;

import java.util.concurrent.locks.LockSupport;

/// Counts callbacks on a loop's thread, and lets the benchmark's thread wait for the last one.
final class Arrivals {

    private static final int SPINS = 20_000;
    private static final long NAP_NANOS = 20_000;

    private final int expected;
    private int arrived; // the loop's thread only
    private volatile long rounds;

    /// @param expected how many make a round
    Arrivals(int expected) {
        this.expected = expected;
    }

    /// Counts one, on the loop's thread.
    void arrive() {
        if (isLast()) {
            endRound();
        }
    }

    /// Counts one, on the loop's thread.
    /// @return whether it was the last of a round, which [#endRound] ends
    boolean isLast() {
        if (++arrived < expected) {
            return false;
        }
        arrived = 0;
        return true;
    }

    /// Ends a round, on the loop's thread: what happened before is seen by who waits for it.
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
    void endRound() {
        rounds++;
    }

    /// {@return how many rounds are complete}
    long rounds() {
        return rounds;
    }

    /// Waits until more rounds are complete than `before`. It spins first, so that a round is not paid for with the
    /// wake-up of the thread that measures.
    void awaitRoundAfter(long before) {
        for (int spins = 0; rounds <= before; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }
}
