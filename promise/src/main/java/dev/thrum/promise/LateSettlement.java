package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A settlement that came too late: somebody else had settled the promise, so it changed nothing.
///
/// That may be how a program means it, when several race for one resolver; or a bug that hides an error. So it is counted,
/// and the latest ones are kept with both reasons, for a person who looks for a lost error; and it is logged at debug level.
/// What comes after a cancellation is no mistake, and not counted.
///
/// **Threads.** Any thread.
///
/// @param promise which promise it was, as far as is known: where it was made (while tracing is on), and the work that it
///     belonged to ([Scope#WORK])
/// @param first the reason that it had been rejected with; empty if it was fulfilled, or follows another promise
/// @param second the reason that came too late; empty for a value, or a promise to follow
public record LateSettlement(String promise, Optional<Throwable> first, Optional<Throwable> second) {
    private static final System.Logger LOG = System.getLogger("dev.thrum.promise");
    private static final int KEPT = 16;
    private static final Deque<LateSettlement> LATEST = new ArrayDeque<>(); // guarded by itself
    private static long count; // guarded by LATEST

    /// {@return how many there have been in this process}
    public static long count() {
        synchronized (LATEST) {
            return count;
        }
    }

    /// {@return the latest ones, the oldest first; no more than sixteen are kept}
    public static List<LateSettlement> latest() {
        synchronized (LATEST) {
            return List.copyOf(LATEST);
        }
    }

    static void record(Source<?> source, @Nullable Throwable second) {
        Throwable first = source.settled() instanceof Failure failure ? failure.reason : null;
        if (first instanceof CancellationException) {
            return;
        }
        var late = new LateSettlement(
                Unseen.origin(source) + Trace.subject(source.scope()),
                Optional.ofNullable(first),
                Optional.ofNullable(second));
        synchronized (LATEST) {
            count++;
            LATEST.addLast(late);
            if (LATEST.size() > KEPT) {
                LATEST.removeFirst();
            }
        }
        LOG.log(Level.DEBUG, () -> "settled too late: " + late, second);
    }
}
