package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Gathering.Rest;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How many pieces of work run side by side, and what becomes of the others when one fails.
///
/// ```java
/// Promise<List<Page>> pages = Concurrency.of(8).map(urls, this::fetch);
/// Promise<Void> moved = Concurrency.inTurn().each(rows, this::move);
/// Promise<Socket> first = Concurrency.unlimited().any(addresses, this::connect);
/// ```
///
/// Each operator takes the items one by one and starts work for each by a function that returns a promise; items are
/// asked for only when there is room, so that an endless row of them takes no memory. Where several might be next, they
/// start in the order of the items. The work belongs to the operator. Normally it **fails fast**: as soon as the result is
/// decided, by a failure or by a winner, nothing more is started, and what still runs is cancelled, as far as nobody
/// else has attached to it. With [#waiting] the result **waits for the losers**: nothing more is started, nothing is
/// cancelled, and the result comes when all that was started has ended; their failures are then kept as suppressed
/// exceptions of the first. Cancelling the result cancels what runs, either way.
///
/// For promises that somebody else has started see [Promises].
///
/// **Threads.** Any thread; nothing blocks. The functions run at the current home, one at a time, under the scope of the
/// caller; where no loop runs, on the threads that settle.
/// **Failure.** What a function throws, or the iterator of the items, counts as a failure of that item. A function that
/// returns null is such a failure, too.
public final class Concurrency {
    private static final Concurrency IN_TURN = new Concurrency(1, Rest.CANCELLED);
    private static final Concurrency UNLIMITED = new Concurrency(Integer.MAX_VALUE, Rest.CANCELLED);

    private final int limit;
    private final Rest rest;

    private Concurrency(int limit, Rest rest) {
        this.limit = limit;
        this.rest = rest;
    }

    /// {@return at most `limit` pieces of work at a time}
    /// @param limit how many
    /// @throws IllegalArgumentException if `limit` is less than 1
    public static Concurrency of(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: " + limit);
        }
        return new Concurrency(limit, Rest.CANCELLED);
    }

    /// {@return one piece of work after the other}
    public static Concurrency inTurn() {
        return IN_TURN;
    }

    /// {@return everything at once}
    public static Concurrency unlimited() {
        return UNLIMITED;
    }

    /// {@return the same, but the result waits until all that was started has ended}
    public Concurrency waiting() {
        return new Concurrency(limit, Rest.AWAITED);
    }

    /// {@return a promise of all values, in the order of the items} (blackbird's `amap`.)
    /// @param <A> the type of the items
    /// @param <B> the type of the values
    /// @param items what to work on; none give an empty list
    /// @param f starts the work for one
    public <A extends @Nullable Object, B extends @Nullable Object> Promise<List<B>> map(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<? extends B>> f) {
        return gather(items, f, new Goal.Values<A, B>());
    }

    /// {@return a promise of the items for which `f` promises true, in their order} (blackbird's `afilter`.)
    /// @param <A> the type of the items
    /// @param items what to choose from
    /// @param f starts to decide for one
    public <A extends @Nullable Object> Promise<List<A>> filter(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<Boolean>> f) {
        return gather(items, f, new Goal.Chosen<A>());
    }

    /// {@return a promise that is fulfilled with null when the work for all items is done} It keeps no value. (blackbird's
    /// `aeach` is that of [#inTurn].)
    /// @param <A> the type of the items
    /// @param items what to work on
    /// @param f starts the work for one
    public <A extends @Nullable Object> Promise<@Nullable Void> each(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<?>> f) {
        return this.<A, @Nullable Object, @Nullable Void>gather(items, f, new Goal.Done<>());
    }

    /// {@return a promise of all values folded, in the order of the items} Only those are kept that came before their turn.
    /// @param <A> the type of the items
    /// @param <B> the type of the values
    /// @param <R> the type of the result
    /// @param items what to work on; none give `initial`
    /// @param f starts the work for one
    /// @param initial what to begin with
    /// @param combine takes what there is so far, and the next value
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Promise<R> reduce(
            Iterable<? extends A> items,
            Function<? super A, ? extends Promise<? extends B>> f,
            R initial,
            BiFunction<? super R, ? super B, ? extends R> combine) {
        return gather(items, f, new Goal.Folded<A, B, R>(initial, requireNonNull(combine, "combine")));
    }

    /// {@return a promise of how the work for each item has ended, in the order of the items} It is never rejected.
    /// @param <A> the type of the items
    /// @param <B> the type of the values
    /// @param items what to work on
    /// @param f starts the work for one
    public <A extends @Nullable Object, B extends @Nullable Object> Promise<List<Promise.State<B>>> settled(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<? extends B>> f) {
        return gather(items, f, new Goal.Ends<A, B>());
    }

    /// {@return a promise of the first value} If all fail it is rejected with the first reason, and the others as
    /// suppressed exceptions; for no items with a [java.util.NoSuchElementException].
    /// @param <A> the type of the items
    /// @param <B> the type of the values
    /// @param items what to work on
    /// @param f starts the work for one
    public <A extends @Nullable Object, B extends @Nullable Object> Promise<B> any(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<? extends B>> f) {
        return gather(items, f, new Goal.FirstValue<A, B>());
    }

    /// {@return a promise settled as the work that ends first, well or badly} For no items it is rejected with a
    /// [java.util.NoSuchElementException].
    /// @param <A> the type of the items
    /// @param <B> the type of the values
    /// @param items what to work on
    /// @param f starts the work for one
    public <A extends @Nullable Object, B extends @Nullable Object> Promise<B> race(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<? extends B>> f) {
        return gather(items, f, new Goal.First<A, B>());
    }

    private <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Promise<R> gather(
            Iterable<? extends A> items, Function<? super A, ? extends Promise<? extends B>> f, Goal<A, B> goal) {
        return new Gathering<A, B, R>(items, f, goal, limit, rest).promise();
    }

    @Override
    public String toString() {
        return (limit == 1 ? "in turn" : limit == Integer.MAX_VALUE ? "unlimited" : "at most " + limit)
                + (rest == Rest.AWAITED ? ", waiting" : "");
    }
}
