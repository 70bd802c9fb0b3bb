package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.NoKernelException;
import dev.thrum.promise.Promises.Function3;
import dev.thrum.promise.Promises.Function4;
import dev.thrum.promise.Promises.Function5;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Algorithms, forks and futures on a kernel: everything of lparallel above its kernel.
///
/// ```java
/// Parallel parallel = Parallel.on(kernel);
/// List<Picture> small = parallel.over(pictures).map(Picture::thumbnail).run();
/// long fib = parallel.forking(hands -> fib(hands, 40)).run();
/// parallel.range(0, rows).forEach(y -> paint(image, y)).start().tap(done -> show(image));
/// ```
///
/// Immutable: the withers make another one. Everything it makes can be used inside the work of something else it made; on
/// a kernel with one worker too.
///
/// **Threads.** Any thread, and nothing blocks; see [Work] for what waits.
public final class Parallel {
    private final @Nullable Kernel kernel; // null: the current one, at each run
    private final boolean caller;
    private final boolean toEnd;
    private final Optional<Progress> progress;

    private Parallel(@Nullable Kernel kernel, boolean caller, boolean toEnd, Optional<Progress> progress) {
        this.kernel = kernel;
        this.caller = caller;
        this.toEnd = toEnd;
        this.progress = progress;
    }

    // ---- making

    /// {@return the algorithms on `kernel`}
    /// @param kernel whose workers run them
    public static Parallel on(Kernel kernel) {
        return new Parallel(requireNonNull(kernel, "kernel"), false, false, Optional.empty());
    }

    /// {@return the algorithms on the kernel that is current where they run}
    /// @see Kernel#current
    public static Parallel current() {
        return new Parallel(null, false, false, Optional.empty());
    }

    /// {@return the same, where a thread from outside that waits for its work takes part in it} For a kernel with a worker
    /// less than there are cores. What runs in such a thread sees no bindings of the workers, and no kill of it can end
    /// it before its next checkpoint. Lisp's `:use-caller`.
    public Parallel withCaller() {
        return new Parallel(kernel, true, toEnd, progress);
    }

    /// {@return the same, where a failure stops nothing} Every element is worked on; then the failure with the lowest
    /// index is thrown, with the next hundred as suppressed.
    public Parallel toEnd() {
        return new Parallel(kernel, caller, true, progress);
    }

    /// {@return the same, where `progress` hears how far the work over elements has come}
    /// @param progress who hears of it
    public Parallel withProgress(Progress progress) {
        return new Parallel(kernel, caller, toEnd, Optional.of(progress));
    }

    // ---- what there is to work on

    /// {@return algorithms over a list}
    /// @param <T> the type of the elements
    /// @param elements must not change while they run; one without random access is copied now
    public <T extends @Nullable Object> Elements<T> over(List<? extends T> elements) {
        return Elements.of(this, elements.size(), access(elements));
    }

    /// {@return algorithms over an array}
    /// @param <T> the type of the elements
    /// @param elements must not change while they run
    public <T extends @Nullable Object> Elements<T> over(T[] elements) {
        return Elements.of(this, elements.length, i -> elements[i]);
    }

    /// {@return algorithms over what an iterator yields, which may be without an end} It is used by one thread at a time,
    /// and once: the work over it can be run once.
    /// @param <T> the type of the elements
    /// @param elements where they come from
    public <T extends @Nullable Object> Elements<T> over(Iterator<? extends T> elements) {
        return Elements.of(this, Spliterators.spliteratorUnknownSize(elements, Spliterator.ORDERED));
    }

    /// {@return algorithms over what a spliterator yields, which may be without an end} It is used once, as an iterator is. One
    /// that is [Spliterator#SUBSIZED] is split where a worker is idle; another one is used by one thread at a time.
    /// @param <T> the type of the elements
    /// @param elements where they come from
    public <T extends @Nullable Object> Elements<T> over(Spliterator<? extends T> elements) {
        return Elements.of(this, elements);
    }

    /// {@return algorithms over whole numbers: for loops, and for arrays of primitives}
    /// @param from the first
    /// @param to the one after the last
    /// @throws IllegalArgumentException if `to` is less than `from`, or there are more than an `int` can count
    public Range range(int from, int to) {
        if (to < from || to - from < 0) {
            throw new IllegalArgumentException("to must be " + from + ".." + ((long) from + Integer.MAX_VALUE) + ": " + to);
        }
        return new Range(this, from, to, 0);
    }

    // ---- others

    /// {@return work that forks: `body` gets the hands of the thread that runs it, and passes them along} Lisp's `defpun`;
    /// [Fork] shows the pattern.
    /// @param <R> the type of the result
    /// @param body the function
    public <R extends @Nullable Object> Work<R> forking(Function<? super Hands, ? extends R> body) {
        requireNonNull(body, "body");
        return new Work<>(this, (hands, home) -> body.apply(hands));
    }

    /// {@return tasks that run side by side, of which all are wanted, or one}
    /// @param <T> the type of the results
    /// @param tasks the tasks
    public <T extends @Nullable Object> Tasks<T> tasks(List<? extends Callable<? extends T>> tasks) {
        return new Tasks<>(this, tasks);
    }

    /// {@return `body` applied to two values that are computed side by side} Lisp's `plet`, `pfuncall`.
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <R> the type of the result
    /// @param a the first value
    /// @param b the second value
    /// @param body combines the values
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Work<R> let(
            Supplier<? extends A> a,
            Supplier<? extends B> b,
            BiFunction<? super A, ? super B, ? extends R> body) {
        requireNonNull(body, "body");
        return Let.work(this, v -> body.apply(v.at(0), v.at(1)), a, b);
    }

    /// {@return `body` applied to three values that are computed side by side}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <C> the type of the third value
    /// @param <R> the type of the result
    /// @param a the first value
    /// @param b the second value
    /// @param c the third value
    /// @param body combines the values
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Work<R> let(
                    Supplier<? extends A> a,
                    Supplier<? extends B> b,
                    Supplier<? extends C> c,
                    Function3<A, B, C, R> body) {
        requireNonNull(body, "body");
        return Let.work(this, v -> body.apply(v.at(0), v.at(1), v.at(2)), a, b, c);
    }

    /// {@return `body` applied to four values that are computed side by side}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <C> the type of the third value
    /// @param <D> the type of the fourth value
    /// @param <R> the type of the result
    /// @param a the first value
    /// @param b the second value
    /// @param c the third value
    /// @param d the fourth value
    /// @param body combines the values
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Work<R> let(
                    Supplier<? extends A> a,
                    Supplier<? extends B> b,
                    Supplier<? extends C> c,
                    Supplier<? extends D> d,
                    Function4<A, B, C, D, R> body) {
        requireNonNull(body, "body");
        return Let.work(this, v -> body.apply(v.at(0), v.at(1), v.at(2), v.at(3)), a, b, c, d);
    }

    /// {@return `body` applied to five values that are computed side by side}
    /// @param <A> the type of the first value
    /// @param <B> the type of the second value
    /// @param <C> the type of the third value
    /// @param <D> the type of the fourth value
    /// @param <E> the type of the fifth value
    /// @param <R> the type of the result
    /// @param a the first value
    /// @param b the second value
    /// @param c the third value
    /// @param d the fourth value
    /// @param e the fifth value
    /// @param body combines the values
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            Work<R> let(
                    Supplier<? extends A> a,
                    Supplier<? extends B> b,
                    Supplier<? extends C> c,
                    Supplier<? extends D> d,
                    Supplier<? extends E> e,
                    Function5<A, B, C, D, E, R> body) {
        requireNonNull(body, "body");
        return Let.work(this, v -> body.apply(v.at(0), v.at(1), v.at(2), v.at(3), v.at(4)), a, b, c, d, e);
    }

    /// {@return `array`, sorted where it is, equal elements staying in their order}
    /// @param <T> the type of the elements
    /// @param array what to sort
    /// @param order the order
    public <T extends @Nullable Object> Work<T[]> sort(T[] array, Comparator<? super T> order) {
        requireNonNull(array, "array");
        requireNonNull(order, "order");
        return new Work<>(this, (hands, home) -> {
            Plan plan = new Plan(this, home, array.length);
            Sort.sort(hands, array, 0, array.length, new Cells.Ordered<>(order), plan);
            return array;
        });
    }

    /// {@return a value that a worker computes, or whoever forces it before} Lisp's `future`.
    /// @param <T> the type of the value
    /// @param body computes the value, under the caller's scope
    /// @throws RejectedExecutionException if the kernel has ended
    public <T extends @Nullable Object> Eventual<T> future(Callable<? extends T> body) {
        return Eventual.future(kernel(), body);
    }

    /// {@return a value that a worker computes when it has nothing else to do, at low priority, or whoever forces it before}
    /// When nobody refers to it any more it is not computed. Lisp's `speculate`.
    /// @param <T> the type of the value
    /// @param body computes the value, under the caller's scope
    /// @throws RejectedExecutionException if the kernel has ended
    public <T extends @Nullable Object> Eventual<T> speculate(Callable<? extends T> body) {
        return Eventual.speculation(kernel(), body);
    }

    /// {@return a new tree of computations}
    public Ptree ptree() {
        return new Ptree(this, Optional.empty());
    }

    // ---- for the room

    static <T extends @Nullable Object> IntFunction<T> access(List<? extends T> elements) {
        if (elements instanceof RandomAccess) {
            return elements::get;
        }
        @SuppressWarnings("unchecked") // it holds elements
        T[] copy = (T[]) elements.toArray();
        return i -> copy[i];
    }

    /// {@return whose workers run it}
    /// @throws NoKernelException if none was named and none is current
    Kernel kernel() {
        Kernel mine = kernel;
        return mine == null ? Kernel.current() : mine;
    }

    Parallel withoutProgress() {
        return new Parallel(kernel, caller, toEnd, Optional.empty());
    }

    boolean takesCaller() {
        return caller;
    }

    boolean goesToEnd() {
        return toEnd;
    }

    Optional<Progress> progress() {
        return progress;
    }
}
