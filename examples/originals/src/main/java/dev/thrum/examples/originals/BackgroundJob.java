package dev.thrum.examples.originals;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Notifier;
import java.util.concurrent.TimeUnit;

/// cl-async, Threading, "Example: queuing a background job".
///
/// A notifier brings the loop's thread what another thread has done. What was written before the trigger is seen in the
/// callback, so the result needs no lock.
public final class BackgroundJob {
    private BackgroundJob() {}

    /// Prints `Job finished! 42` when the work is done.
    /// @param args how many milliseconds the work takes; 3000 unless said otherwise
    public static void main(String[] args) {
        long millis = args.length == 0 ? 3_000 : Long.parseLong(args[0]);

        EventLoop.run(loop -> {
            var result = new int[1];
            Notifier notifier = loop.notifier(() -> IO.println("Job finished! " + result[0]));
            Thread.ofPlatform().start(() -> {
                result[0] = suchWork(millis);
                notifier.trigger();
            });
        });
    }

    static int suchWork(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 42;
    }
}
