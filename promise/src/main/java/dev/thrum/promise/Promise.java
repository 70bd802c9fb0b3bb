package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value that arrives later, or the reason it never will.
///
/// ```java
/// Promise<String> greeting = findUser(42)
///         .map(User::name)
///         .recover(NoSuchUser.class, e -> "stranger")
///         .map(name -> "Hello, " + name);
/// ```
///
/// **It comes home.** A promise belongs to the home it was made under ([dev.thrum.scope.Home#current]): its callbacks,
/// and those of everything derived from it, run there, whichever thread settles it. On a loop that is the loop's
/// thread. Where no loop runs (main threads, workers, virtual threads) callbacks run on the thread that settles the
/// promise, or that attaches to a settled one. [#on] names another place.
///
/// Each callback runs under the scope of whoever attached it, exactly once or never. Callbacks of one promise run in
/// the order they were attached. A callback attached at home to a promise that is settled already runs at once, as in
/// blackbird; from inside another callback it runs as soon as that one returns, so that a million links need no stack.
///
/// What combines several promises is in [Promises]; what starts several pieces of work, with a limit, in [Concurrency].
///
/// A value may be null. Inside a promise the reason of a rejection is the original exception.
///
/// **Threads.** Any thread may call anything. Only [#await] blocks.
/// **Ordering.** What happened before settling *happens-before* every callback, every return from [#await], and
/// whatever follows a [#state] that shows it settled.
/// **Failure.** An exception thrown by a callback rejects the promise that the callback was to settle. A rejection that
/// nobody attached to by the end of its home's next turn goes to [dev.thrum.scope.Home#report] (without a loop: when
/// the promise becomes unreachable), once for each reason however many promises it has reached, with their names
/// ([#named]), where they were made, and the work they belonged to ([dev.thrum.scope.Trace#subject]). Cancellations are
/// not reported. A promise whose home has ended still settles; its
/// callbacks are dropped, and that is reported.
///
/// @param <T> the type of the value
public sealed interface Promise<T extends @Nullable Object> permits Node {

    // ---- making

    /// {@return a promise fulfilled with `value`}
    /// @param <T> the type of the value
    /// @param value the value
    static <T extends @Nullable Object> Promise<T> of(T value) {
        return Source.fulfilled(Outcome.boxed(value));
    }

    /// {@return a promise rejected with `reason`}
    /// @param <T> the type of the value that will not come
    /// @param reason why
    static <T extends @Nullable Object> Promise<T> failed(Throwable reason) {
        return Source.failed(new Outcome.Failure(requireNonNull(reason, "reason")));
    }

    /// {@return a promise that `body` settles, now or later, through the resolver it is given} What `body` throws
    /// rejects it. It does not keep its home alive (blackbird's `create-promise`).
    /// @param <T> the type of the value
    /// @param body starts the work, before this method returns
    static <T extends @Nullable Object> Promise<T> create(Consumer<? super Resolver<T>> body) {
        Resolver<T> resolver = Resolver.create();
        try {
            body.accept(resolver);
        } catch (Throwable problem) {
            resolver.reject(problem);
        }
        return resolver.promise();
    }

    /// {@return a promise settled as `stage` is; it keeps its home alive until then} A `CompletionException` around the
    /// reason is taken off. Cancelling the promise cancels the stage, if it is a future.
    /// @param <T> the type of the value
    /// @param stage the stage to follow
    static <T extends @Nullable Object> Promise<T> from(CompletionStage<? extends T> stage) {
        return Stages.promise(stage);
    }

    // ---- deriving

    /// {@return a promise of `f` applied to this value; rejected as this one is, without calling `f`}
    /// @param <U> the type of the new value
    /// @param f the function
    <U extends @Nullable Object> Promise<U> map(Function<? super T, ? extends U> f);

    /// {@return a promise settled as the promise that `f` returns; rejected as this one is, without calling `f`}
    /// (blackbird's `attach`.)
    /// @param <U> the type of the new value
    /// @param f starts the next step
    <U extends @Nullable Object> Promise<U> then(Function<? super T, ? extends Promise<? extends U>> f);

    /// {@return a promise that answers a rejection whose reason is a `type` with `f`; else settled as this one}
    /// (blackbird's `catcher`; a reason of another type passes on instead of vanishing.)
    /// @param <X> the type of the reason
    /// @param type the reasons to answer
    /// @param f the answer
    <X extends Throwable> Promise<T> recover(Class<X> type, Function<? super X, ? extends T> f);

    /// {@return a promise that answers a rejection whose reason is a `type` with the promise that `f` returns; else settled
    /// as this one} A function that tries again and again, with itself as `f`, needs no memory for it.
    /// @param <X> the type of the reason
    /// @param type the reasons to answer
    /// @param f starts the answer
    <X extends Throwable> Promise<T> recoverWith(
            Class<X> type, Function<? super X, ? extends Promise<? extends T>> f);

    /// {@return a promise of the same value, after `f` has seen it} Rejections pass by `f`; what `f` throws rejects.
    /// @param f the observer
    Promise<T> tap(Consumer<? super T> f);

    /// {@return a promise of the same value, after the promise that `f` returns is fulfilled (blackbird's `tap`)} It is
    /// rejected if that one is. Rejections pass by `f`.
    /// @param f starts what is to be done first
    Promise<T> tapWith(Function<? super T, ? extends Promise<?>> f);

    /// {@return a promise settled as this one, after `f` has run on every path: after a value, after a rejection, and when
    /// the promise is cancelled} What `f` throws rejects it, with the reason this one had, if any, as a suppressed
    /// exception; after a cancel it is reported. When a chain is cancelled its clean-ups run from the inside out, after the
    /// work was told to stop. The one path without `f` is a home that has ended, which is reported.
    /// @param f the clean-up
    Promise<T> lastly(Runnable f);

    /// {@return a promise settled as this one, after the promise that `f` returns is fulfilled, on every path (blackbird's
    /// `finally`)} As [#lastly], but it waits. A clean-up that has begun is not cancelled.
    /// @param f starts the clean-up
    Promise<T> lastlyWith(Supplier<? extends Promise<?>> f);

    /// {@return a promise settled as this one, which gives its name to reports of the rejections that go through it}
    /// @param name what it is a promise of
    Promise<T> named(String name);

    /// {@return a promise settled as this one, whose callbacks run on `executor`} If the executor refuses them, what
    /// they were to settle is rejected with a [java.util.concurrent.RejectedExecutionException], and that is reported.
    /// @param executor where callbacks run
    Promise<T> on(Executor executor);

    /// {@return a promise settled as this one, but rejected with a [java.util.concurrent.TimeoutException] if that takes
    /// longer than `limit` by the clock of its home; this promise is then cancelled unless somebody else wants it}
    /// @param limit how long from now
    Promise<T> within(Duration limit);

    // ---- waiting and looking

    /// {@return the value, waiting for it if need be} For virtual threads, main threads and workers; never for a loop. A
    /// thread with a [Waiter], as a worker has, does other work meanwhile.
    /// @throws InterruptedException if interrupted while waiting
    /// @throws RejectedPromiseException if rejected, with the reason as its cause; also if the promise's home has ended
    ///     so that it can never be settled
    /// @throws WrongThreadException at once, when called on the thread of a loop, which would wait for itself
    T await() throws InterruptedException;

    /// {@return where this promise stands now}
    State<T> state();

    /// Rejects this promise with a [java.util.concurrent.CancellationException], and what it was derived from as well,
    /// up to the work itself, as far as nobody else has attached to it: a task is killed or dropped, a stage cancelled.
    /// @return whether it was still pending
    boolean cancel();

    /// Lets the home end before the work of this promise has come home.
    /// @return this promise
    Promise<T> unref();

    /// {@return a future settled as this promise is; cancelling it cancels this promise}
    CompletableFuture<T> toCompletableFuture();

    // ---- types

    /// Where a promise stands.
    /// @param <T> the type of the value
    sealed interface State<T extends @Nullable Object> {}

    /// Not settled yet.
    /// @param <T> the type of the value
    record Pending<T extends @Nullable Object>() implements State<T> {}

    /// Settled with a value.
    /// @param <T> the type of the value
    /// @param value the value
    record Fulfilled<T extends @Nullable Object>(T value) implements State<T> {}

    /// Settled with a reason for having no value.
    /// @param <T> the type of the value
    /// @param reason the reason
    record Rejected<T extends @Nullable Object>(Throwable reason) implements State<T> {}
}
