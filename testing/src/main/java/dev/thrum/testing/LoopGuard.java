package dev.thrum.testing;

import dev.thrum.loop.BlockedTurn;
import dev.thrum.loop.Watchdog;
import dev.thrum.scope.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Fails a test in which a callback blocks a loop: any loop of the JVM, for longer than its
/// [patience][dev.thrum.loop.LoopConfig#patience].
///
/// ```java
/// try (LoopGuard guard = LoopGuard.start()) {
///     // what must not block
/// }
/// ```
///
/// Time is real, here: a patience of a few milliseconds fails on a machine that has other things to do.
///
/// **Threads.** Any thread.
/// **Failure.** A test that does not [take][#takeBlocked] what was reported fails at [#close].
public final class LoopGuard implements AutoCloseable {
    private final ConcurrentLinkedQueue<BlockedTurn> blocked = new ConcurrentLinkedQueue<>();
    private final Registration listening = Watchdog.listen(blocked::add);

    private LoopGuard() {}

    /// {@return a guard that listens from now on}
    public static LoopGuard start() {
        return new LoopGuard();
    }

    /// {@return what the watchdog has reported since the start, or since it was last asked for, in order}
    public List<BlockedTurn> takeBlocked() {
        List<BlockedTurn> taken = new ArrayList<>();
        for (BlockedTurn turn = blocked.poll(); turn != null; turn = blocked.poll()) {
            taken.add(turn);
        }
        return List.copyOf(taken);
    }

    /// Stops listening.
    /// @throws AssertionError if a turn was reported and not taken: its message is the report, its stack that of the loop
    @Override
    public void close() {
        listening.close();
        List<BlockedTurn> left = takeBlocked();
        if (!left.isEmpty()) {
            var failure = new AssertionError(left.getLast().message());
            failure.setStackTrace(left.getLast().stack().toArray(StackTraceElement[]::new));
            throw failure;
        }
    }
}
