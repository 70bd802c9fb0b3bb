package dev.thrum.kernel;

import java.util.function.BooleanSupplier;

/// How long a thread looks for something before it sleeps.
final class Spin {
    /*
     * Spinning makes an answer ten times faster than sleeping, when there is a core for it. When there is not, or when
     * the spinner pulls at the cache lines that a submitter writes, it makes everything several times slower. So:
     *
     * - One worker spins at most (see Sleepers), and no one while the threads at work need all the cores.
     * - The number of looks falls with every search in vain, down to an eighth of the limit, and recovers with success.
     *   After one in vain at an eighth, nobody spins here for the next REST searches.
     * - Nor after a spinner was descheduled, as the time between its looks shows: this machine has better things to do.
     * - What is found at the first looks is part of a stream. A spinner in step with a submitter pays a cache miss for
     *   each task, on both sides; so the next search begins with a pause, in which a few gather.
     *
     * Whoever spins has just worked or was just woken: an idle kernel sleeps. The fields are raced for; whatever value
     * a spinner sees is one that will do.
     */
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int ROUND = 32; // looks between two looks at the clock
    private static final long DESCHEDULED = 50_000; // nanoseconds for a round
    private static final int REST = 64;
    private static final int GATHER = 16; // pauses
    private static final int LONGEST = 4;

    private final int limit;
    private int budget;
    private int rest;
    private boolean streaming;

    Spin(int limit) {
        this.limit = limit;
        this.budget = limit / 8;
    }

    /// {@return whether a core is left for a spinner}
    /// @param awake the workers that do not sleep
    boolean isWorthwhile(int awake) {
        return limit > 0 && awake < CORES;
    }

    boolean until(BooleanSupplier found) {
        if (rest > 0) {
            rest--;
            return false;
        }
        if (streaming) {
            pause(GATHER);
        }
        int looks = Math.max(1, budget);
        long before = System.nanoTime();
        for (int i = 0; i < looks; i++) {
            if (found.getAsBoolean()) {
                streaming = i < 2;
                budget = Math.min(limit, looks * 2);
                return true;
            }
            pause(Math.min(LONGEST, 1 + i / ROUND));
            if (i % ROUND == ROUND - 1) {
                long now = System.nanoTime();
                if (now - before > DESCHEDULED) {
                    rest = REST;
                    return found.getAsBoolean();
                }
                before = now;
            }
        }
        streaming = false;
        rest = looks <= limit / 8 ? REST : 0;
        budget = Math.max(limit / 8, looks / 2);
        return false;
    }

    /// {@return whether it is found within less than a microsecond}
    boolean moment(BooleanSupplier found) {
        for (int i = 0; i < GATHER; i++) {
            if (rest > 0 || found.getAsBoolean()) {
                return rest <= 0;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private static void pause(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
