package dev.thrum.examples.originals;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopEvent;

/// cl-async, the older page on threading, "Example: queuing a background job".
///
/// An event sits in the loop, inactive, until the thread that does the work activates it. To enable threading support is not
/// necessary: it is always on.
public final class BackgroundEvent {
    private BackgroundEvent() {}

    /// Prints `Job finished! 42` when the work is done.
    /// @param args how many milliseconds the work takes; 3000 unless said otherwise
    public static void main(String[] args) {
        long millis = args.length == 0 ? 3_000 : Long.parseLong(args[0]);

        EventLoop.run(loop -> {
            var result = new int[1];
            LoopEvent event = loop.event(() -> IO.println("Job finished! " + result[0]));
            Thread.ofPlatform().start(() -> {
                result[0] = BackgroundJob.suchWork(millis);
                event.activate();
            });
        });
    }
}
