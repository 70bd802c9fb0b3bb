package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Gathering.Rest;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Combines promises that are there already, started by whoever made them.
///
/// ```java
/// Promise<Page> page = Promises.let(user, articles, (u, list) -> new Page(u, list));
/// Promise<List<Article>> all = Promises.all(downloads);
/// ```
///
/// The combined promise belongs to the current home. When it is decided before all have come, the others go on, and their
/// failures are nobody's any more; cancelling it cancels those that nobody else has attached to. What starts work item by
/// item, with a limit, and stops the rest, is [Concurrency].
///
/// **Threads.** Any thread; nothing blocks.
public final class Promises {
    private Promises() {}

    // ---- starting

    /// {@return a promise of what `body` returns, or rejected with what it throws (blackbird's `promisify`)} It runs at
    /// once, on the calling thread.
    /// @param <T> the type of the value
    /// @param body what to call
    public static <T extends @Nullable Object> Promise<T> promisify(Callable<? extends T> body) {
        requireNonNull(body, "body");
        try {
            return Promise.of(body.call());
        } catch (Throwable problem) {
            return Promise.failed(problem);
        }
    }

    /// {@return the promise that `body` returns, or one rejected with what it throws} So a function that may fail before it
    /// has a promise fails in one way only. It runs at once, on the calling thread.
    /// @param <T> the type of the value
    /// @param body what to call
    public static <T extends @Nullable Object> Promise<T> start(Callable<? extends Promise<T>> body) {
        requireNonNull(body, "body");
        try {
            return requireNonNull(body.call(), "the function given to start() returned null");
        } catch (Throwable problem) {
            return Promise.failed(problem);
        }
    }

    /// {@return a promise of the value that has gone through all `steps` in turn} Each gets the value of the one before; the
    /// first failure ends the chain. (blackbird's `chain` with several `:then`; other steps of a chain are the operators of
    /// [Promise] itself.)
    /// @param <T> the type of the value
    /// @param first where it begins
    /// @param steps the steps, in order
    public static <T extends @Nullable Object> Promise<T> chain(
            Promise<T> first, Iterable<? extends Function<? super T, ? extends Promise<? extends T>>> steps) {
        Promise<T> last = requireNonNull(first, "first");
        for (Function<? super T, ? extends Promise<? extends T>> step : steps) {
            last = last.then(step);
        }
        return last;
    }

    // ---- several at once

    /// {@return a promise of all the values, in order; rejected as soon as one of them is (blackbird's `all`)}
    /// @param <T> the type of the values
    /// @param promises what to wait for; none give an empty list at once
    public static <T extends @Nullable Object> Promise<List<T>> all(Collection<? extends Promise<? extends T>> promises) {
        return gather(promises, new Goal.Values<>());
    }

    /// {@return a promise of how each of them was settled, in order} It is never rejected.
    /// @param <T> the type of the values
    /// @param promises what to wait for; none give an empty list at once
    public static <T extends @Nullable Object> Promise<List<Promise.State<T>>> settled(
            Collection<? extends Promise<? extends T>> promises) {
        return gather(promises, new Goal.Ends<>());
    }

    /// {@return a promise of the first value to come; rejected only if all are, with the first reason, and the others as
    /// suppressed exceptions} For no promises it is rejected with a [java.util.NoSuchElementException].
    /// @param <T> the type of the values
    /// @param promises which of them
    public static <T extends @Nullable Object> Promise<T> any(Collection<? extends Promise<? extends T>> promises) {
        return gather(promises, new Goal.FirstValue<>());
    }

    /// {@return a promise settled as the first of them that is} For no promises it is rejected with a
    /// [java.util.NoSuchElementException].
    /// @param <T> the type of the values
    /// @param promises which of them
    public static <T extends @Nullable Object> Promise<T> race(Collection<? extends Promise<? extends T>> promises) {
        return gather(promises, new Goal.First<>());
    }

    /// {@return a promise of all values folded in order, once they have come (blackbird's `areduce`)}
    /// @param <T> the type of the values
    /// @param <R> the type of the result
    /// @param promises what to wait for; none give `initial`
    /// @param initial what to begin with
    /// @param combine takes what there is so far, and the next value
    public static <T extends @Nullable Object, R extends @Nullable Object> Promise<R> reduce(
            Collection<? extends Promise<? extends T>> promises,
            R initial,
            BiFunction<? super R, ? super T, ? extends R> combine) {
        return gather(promises, new Goal.Folded<>(initial, requireNonNull(combine, "combine")));
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Promise<R> gather(
            Collection<? extends Promise<? extends T>> promises, Goal<Promise<? extends T>, T> goal) {
        requireNonNull(promises, "promises").forEach(promise -> requireNonNull(promise, "promise"));
        return new Gathering<Promise<? extends T>, T, R>(
                        promises, promise -> promise, goal, Integer.MAX_VALUE, Rest.LEFT)
                .promise();
    }

    // ---- several values

    /// {@return a promise of `body` applied to both values, which are computed side by side (blackbird's `alet`)}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <R> the type of the result
    /// @param a the first promise
    /// @param b the second promise
    /// @param body combines the values
    public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Promise<R> let(
            Promise<A> a, Promise<B> b, BiFunction<? super A, ? super B, ? extends R> body) {
        return values(a, b).map(values -> body.apply(values.at(0), values.at(1)));
    }

    /// {@return a promise of `body` applied to three values}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <C> the type of the third value
    /// @param <R> the type of the result
    /// @param a the first promise
    /// @param b the second promise
    /// @param c the third promise
    /// @param body combines the values
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Promise<R> let(Promise<A> a, Promise<B> b, Promise<C> c, Function3<A, B, C, R> body) {
        return values(a, b, c).map(values -> body.apply(values.at(0), values.at(1), values.at(2)));
    }

    /// {@return a promise of `body` applied to four values}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <C> the type of the third value
    /// @param <D> the type of the fourth value
    /// @param <R> the type of the result
    /// @param a the first promise
    /// @param b the second promise
    /// @param c the third promise
    /// @param d the fourth promise
    /// @param body combines the values
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Promise<R> let(Promise<A> a, Promise<B> b, Promise<C> c, Promise<D> d, Function4<A, B, C, D, R> body) {
        return values(a, b, c, d)
                .map(values -> body.apply(values.at(0), values.at(1), values.at(2), values.at(3)));
    }

    /// {@return a promise of `body` applied to five values}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <C> the type of the third value
    /// @param <D> the type of the fourth value
    /// @param <E> the type of the fifth value
    /// @param <R> the type of the result
    /// @param a the first promise
    /// @param b the second promise
    /// @param c the third promise
    /// @param d the fourth promise
    /// @param e the fifth promise
    /// @param body combines the values
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            Promise<R> let(
                    Promise<A> a, Promise<B> b, Promise<C> c, Promise<D> d, Promise<E> e, Function5<A, B, C, D, E, R> body) {
        return values(a, b, c, d, e)
                .map(values -> body.apply(values.at(0), values.at(1), values.at(2), values.at(3), values.at(4)));
    }

    private static Promise<Values> values(Promise<?>... promises) {
        return Promises.<@Nullable Object, List<@Nullable Object>>gather(List.of(promises), new Goal.Values<>())
                .map(Values::new);
    }

    /// Values of several types.
    private record Values(List<@Nullable Object> list) {

        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // let() knows the types
        <V extends @Nullable Object> V at(int index) {
            return (V) list.get(index);
        }
    }

    /// A function of three values.
    /// @param <A> the type of the first
    /// @param <B> the type of the second
    /// @param <C> the type of the third
    /// @param <R> the type of the result
    @FunctionalInterface
    public interface Function3<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            R extends @Nullable Object> {
        /// {@return the result}
        /// @param a the first value
        /// @param b the second value
        /// @param c the third value
        R apply(A a, B b, C c);
    }

    /// A function of four values.
    /// @param <A> the type of the first
    /// @param <B> the type of the second
    /// @param <C> the type of the third
    /// @param <D> the type of the fourth
    /// @param <R> the type of the result
    @FunctionalInterface
    public interface Function4<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object,
            R extends @Nullable Object> {
        /// {@return the result}
        /// @param a the first value
        /// @param b the second value
        /// @param c the third value
        /// @param d the fourth value
        R apply(A a, B b, C c, D d);
    }

    /// A function of five values.
    /// @param <A> the type of the first
    /// @param <B> the type of the second
    /// @param <C> the type of the third
    /// @param <D> the type of the fourth
    /// @param <E> the type of the fifth
    /// @param <R> the type of the result
    @FunctionalInterface
    public interface Function5<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object,
            E extends @Nullable Object,
            R extends @Nullable Object> {
        /// {@return the result}
        /// @param a the first value
        /// @param b the second value
        /// @param c the third value
        /// @param d the fourth value
        /// @param e the fifth value
        R apply(A a, B b, C c, D d, E e);
    }
}
