package dev.thrum.loop;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The first callback of a loop. Its failure is that of [EventLoop#run], unless the loop has a receiver for errors.
///
/// Loop thread only.
final class StartAction implements Runnable {
    private final SelectorLoop loop;
    private final Consumer<? super EventLoop> action;
    private @Nullable Throwable failure;

    StartAction(SelectorLoop loop, Consumer<? super EventLoop> action) {
        this.loop = loop;
        this.action = action;
    }

    @Override
    public void run() {
        if (loop.hasErrorReceiver()) {
            action.accept(loop);
            return;
        }
        try {
            action.accept(loop);
        } catch (Throwable problem) {
            failure = problem;
            loop.exit();
        }
    }

    /// Throws what the action threw; after the loop's end.
    void rethrow() {
        if (failure != null) {
            StartAction.<RuntimeException>sneak(failure);
        }
    }

    @SuppressWarnings("unchecked") // the action declares no checked exception, so there is none to hide
    private static <X extends Throwable> void sneak(Throwable problem) throws X {
        throw (X) problem;
    }
}
