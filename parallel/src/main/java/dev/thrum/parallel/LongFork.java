package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// A part of a computation that forks, with a `long` as its result: as [Fork], without a box.
///
/// **Threads.** Of the thread whose hands started it; its body runs there or in another one.
/// **Failure.** As in [Fork].
public final class LongFork extends Piece {
    private final Hands hands;
    private final ToLongFunction<? super Hands> body;
    private final @Nullable LongFork before;
    private long result;

    private LongFork(Hands hands, ToLongFunction<? super Hands> body, @Nullable LongFork before) {
        this.hands = hands;
        this.body = requireNonNull(body, "body");
        this.before = before;
    }

    /// {@return a new part, which lies ready for another thread}
    /// @param hands those of this thread
    /// @param body the part; gets the hands of the thread that runs it
    public static LongFork start(Hands hands, ToLongFunction<? super Hands> body) {
        return start(hands, body, null);
    }

    /// {@return a new part, with those started before it in tow}
    /// @param hands those of this thread
    /// @param body the part; gets the hands of the thread that runs it
    /// @param before the last part started, or null
    public static LongFork start(Hands hands, ToLongFunction<? super Hands> body, @Nullable LongFork before) {
        LongFork fork = new LongFork(hands, body, before);
        hands.offer(fork);
        return fork;
    }

    @Override
    protected void run(Hands hands) {
        result = body.applyAsLong(hands);
    }

    /// {@return its result, waiting for it, or computing it here if nobody else has begun}
    /// @throws RuntimeException what its body threw, or why the computation was stopped
    public long join() {
        hands.join(this);
        return result;
    }

    /// {@return the sum of the results of `last` and all it has in tow; 0 for null}
    /// @param last the last part started, or null
    public static long sum(@Nullable LongFork last) {
        long sum = 0;
        for (LongFork each = last; each != null; each = each.before) {
            sum += each.join();
        }
        return sum;
    }
}
