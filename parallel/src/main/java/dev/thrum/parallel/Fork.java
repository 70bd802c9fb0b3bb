package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Piece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A part of a computation that forks, as Lisp's `plet` inside a `defpun`.
///
/// A function that forks passes its [Hands] along, and asks at each level whether they are free. With two children:
///
/// ```java
/// static Tree grow(Hands hands, int depth) {
///     if (depth == 0) {
///         return new Leaf();
///     }
///     if (hands.areFree()) {
///         Fork<Tree> left = Fork.start(hands, h -> grow(h, depth - 1));
///         Tree right = grow(hands, depth - 1);
///         return new Branch(left.join(), right);
///     }
///     return new Branch(grow(hands, depth - 1), grow(hands, depth - 1));
/// }
/// ```
///
/// With any number of children, some of them forked:
///
/// ```java
/// static long size(Hands hands, Folder folder) {
///     long size = folder.ownSize();
///     LongFork forks = null;
///     for (Folder each : folder.folders()) {
///         if (hands.areFree()) {
///             forks = LongFork.start(hands, h -> size(h, each), forks);
///         } else {
///             size += size(hands, each);
///         }
///     }
///     return size + LongFork.sum(forks);
/// }
/// ```
///
/// [Parallel#forking] is the way in. There is no size below which one should not fork: where nobody is idle, the question
/// is all that it costs. [LongFork], [IntFork] and [DoubleFork] have a primitive as their result.
///
/// **Threads.** Of the thread whose hands started it; its body runs there or in another one. Whatever was started must be
/// joined, in the same call or in one that this returns to.
/// **Failure.** What the body throws is thrown by [#join], wherever it ran. When an exception leaves the whole computation,
/// parts that nobody joined end at their next fork.
///
/// @param <T> the type of the result
public final class Fork<T extends @Nullable Object> extends Piece {
    private final Hands hands;
    private final Function<? super Hands, ? extends T> body;
    private final @Nullable Fork<T> before;
    private @Nullable T result;

    private Fork(Hands hands, Function<? super Hands, ? extends T> body, @Nullable Fork<T> before) {
        this.hands = hands;
        this.body = requireNonNull(body, "body");
        this.before = before;
    }

    /// {@return a new part, which lies ready for another thread}
    /// @param <T> the type of the result
    /// @param hands those of this thread
    /// @param body the part; gets the hands of the thread that runs it
    public static <T extends @Nullable Object> Fork<T> start(Hands hands, Function<? super Hands, ? extends T> body) {
        return start(hands, body, null);
    }

    /// {@return a new part, with those started before it in tow}
    /// @param <T> the type of the results
    /// @param hands those of this thread
    /// @param body the part; gets the hands of the thread that runs it
    /// @param before the last part started, or null
    public static <T extends @Nullable Object> Fork<T> start(
            Hands hands, Function<? super Hands, ? extends T> body, @Nullable Fork<T> before) {
        Fork<T> fork = new Fork<>(hands, body, before);
        hands.offer(fork);
        return fork;
    }

    @Override
    protected void run(Hands hands) {
        result = body.apply(hands);
    }

    /// {@return its result, waiting for it, or computing it here if nobody else has begun}
    /// @throws RuntimeException what its body threw, or why the computation was stopped
    @SuppressWarnings("NullAway") // what the body returned, null where T allows it
    public T join() {
        hands.join(this);
        return result;
    }

    /// {@return the results of `last` and all it has in tow, in the order in which they were started}
    /// @param <T> the type of the results
    /// @param last the last part started, or null
    public static <T extends @Nullable Object> List<T> all(@Nullable Fork<T> last) {
        List<T> results = new ArrayList<>();
        for (Fork<T> each = last; each != null; each = each.before) {
            results.add(each.join());
        }
        Collections.reverse(results);
        return results;
    }
}
