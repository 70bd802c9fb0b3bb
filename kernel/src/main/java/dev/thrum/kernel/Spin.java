package dev.thrum.kernel;

import java.util.function.BooleanSupplier;

/// How long a thread looks for something before it sleeps.
final class Spin {
    /*
     * Spinning makes an answer ten times faster than sleeping, when there is a core for it. When there is not, or when
     * the spinners pull at the cache lines a submitter writes, it makes everything several times slower. So one worker
     * spins at most (see Sleepers), and no one while the threads at work need all the cores; pauses grow between the
     * looks; and the number of looks falls with every one in vain, down to an eighth, and recovers with every success.
     * Whoever spins has just worked or was just woken: an idle kernel sleeps.
     */
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int LONGEST_PAUSE = 16;

    private final int limit;
    private int budget; // raced for: any value in its range will do

    Spin(int limit) {
        this.limit = limit;
        this.budget = limit;
    }

    /// {@return whether a core is left for a spinner}
    /// @param awake the workers that do not sleep
    boolean isWorthwhile(int awake) {
        return limit > 0 && awake < CORES;
    }

    boolean until(BooleanSupplier found) {
        int looks = budget;
        for (int i = 0; i < looks; i++) {
            if (found.getAsBoolean()) {
                budget = Math.min(limit, looks * 2);
                return true;
            }
            for (int pause = Math.min(LONGEST_PAUSE, 1 + i / 64); pause > 0; pause--) {
                Thread.onSpinWait();
            }
        }
        budget = Math.max(limit / 8, looks / 2);
        return false;
    }
}
