package dev.thrum.kernel;

import java.util.concurrent.CountDownLatch;

/// A latch for those who must not break off their wait.
final class Latch extends CountDownLatch {

    Latch(int count) {
        super(count);
    }

    /// Waits through all interrupts and forgets them: for a thread that is nobody's to interrupt.
    void awaitThrough() {
        while (getCount() > 0) {
            try {
                await();
            } catch (InterruptedException _) {
                Thread.onSpinWait(); // the flag is clear now: wait again
            }
        }
    }

    /// Waits through all interrupts; the thread is interrupted again when it returns.
    /// @param interrupted runs at each of them
    void awaitKeeping(Runnable interrupted) {
        boolean again = false;
        while (getCount() > 0) {
            try {
                await();
            } catch (InterruptedException _) {
                again = true;
                interrupted.run();
            }
        }
        if (again) {
            Thread.currentThread().interrupt();
        }
    }
}
