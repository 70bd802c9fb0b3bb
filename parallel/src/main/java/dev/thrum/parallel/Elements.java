package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import dev.thrum.parallel.Passes.Collect;
import dev.thrum.parallel.Passes.Fold;
import dev.thrum.parallel.Passes.Visit;
import dev.thrum.scope.Home;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A sequence, and the algorithms over it. Lisp's cognates.
///
/// ```java
/// List<Integer> lengths = parallel.over(words).map(String::length).run();
/// int letters = parallel.over(words).mapReduce(String::length, 0, Integer::sum).run();
/// long empty = parallel.over(words).matching(String::isEmpty).count().run();
/// ```
///
/// Results are in the order of the elements. The source is read while the work runs, and must not change meanwhile. Without
/// [#parts] the sequence is cut on demand: where a worker is idle, and as finely as the cost of the elements asks for.
///
/// **Threads.** Any thread; nothing runs before [Work#run] or [Work#start]. Functions run in several workers at once.
/// **Failure.** As in [Work].
///
/// @param <T> the type of the elements
public final class Elements<T extends @Nullable Object> {
    private final Parallel parallel;
    private final @Nullable IntFunction<? extends T> at; // null where there is only a feed
    private final Spliterator<? extends T> feed;
    private final long size; // of a feed: at most
    private final int parts; // 0: cut on demand

    private Elements(
            Parallel parallel,
            @Nullable IntFunction<? extends T> at,
            Spliterator<? extends T> feed,
            long size,
            int parts) {
        this.parallel = parallel;
        this.at = at;
        this.feed = feed;
        this.size = size;
        this.parts = parts;
    }

    static <T extends @Nullable Object> Elements<T> of(Parallel parallel, int size, IntFunction<? extends T> at) {
        return new Elements<>(parallel, at, Spliterators.emptySpliterator(), size, 0);
    }

    static <T extends @Nullable Object> Elements<T> of(Parallel parallel, Spliterator<? extends T> feed) {
        return new Elements<>(parallel, null, requireNonNull(feed, "source"), Long.MAX_VALUE, 0);
    }

    // ---- hints

    /// {@return these elements, worked on in that many pieces, which differ by at most one element, the first ones larger}
    /// More parts than elements make each element a piece. A source without a size is cut on demand all the same.
    /// Lisp's `:parts`.
    /// @param parts how many, at least one
    /// @throws IllegalArgumentException if `parts` is less than one
    public Elements<T> parts(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("parts must be at least 1: " + parts);
        }
        return new Elements<>(parallel, at, feed, size, parts);
    }

    /// {@return the first `size` of these elements} Lisp's `:size`.
    /// @param size how many; of a source without a size, at most
    /// @throws IllegalArgumentException if there are fewer, or `size` is negative
    public Elements<T> first(int size) {
        if (size < 0 || size > this.size) {
            throw new IllegalArgumentException("size must be 0.." + this.size + ": " + size);
        }
        return new Elements<>(parallel, at, feed, size, parts);
    }

    /// {@return the elements that `f` makes of these and those of `other`, until the shorter one ends} What Lisp's
    /// `pmap` does with two sequences.
    /// @param <U> the type of the other elements
    /// @param <R> the type of the new elements
    /// @param other the other elements
    /// @param f called in the work that follows, for each pair
    public <U extends @Nullable Object, R extends @Nullable Object> Elements<R> zip(
            List<? extends U> other, BiFunction<? super T, ? super U, ? extends R> f) {
        requireNonNull(f, "f");
        IntFunction<? extends U> theirs = Parallel.access(other);
        IntFunction<? extends T> mine = at;
        if (mine == null) {
            Iterator<R> both = new Zip<>(Spliterators.iterator(feed), other.iterator(), f);
            return new Elements<>(parallel, null, Spliterators.spliteratorUnknownSize(both, 0), size, parts);
        }
        IntFunction<R> both = i -> f.apply(mine.apply(i), theirs.apply(i));
        return new Elements<>(parallel, both, Spliterators.emptySpliterator(), Math.min(size, other.size()), parts);
    }

    private record Zip<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>(
            Iterator<? extends T> mine,
            Iterator<? extends U> theirs,
            BiFunction<? super T, ? super U, ? extends R> f)
            implements Iterator<R> {

        @Override
        public boolean hasNext() {
            return theirs.hasNext() && mine.hasNext();
        }

        @Override
        public R next() {
            return f.apply(mine.next(), theirs.next());
        }
    }

    // ---- algorithms

    /// {@return the results of `f`, in a list that cannot be changed} Lisp's `pmap`, `pmapcar`.
    /// @param <R> the type of the results
    /// @param f the function
    public <R extends @Nullable Object> Work<List<R>> map(Function<? super T, ? extends R> f) {
        requireNonNull(f, "f");
        if (at == null) {
            return collect((element, list) -> list.add(f.apply(element)));
        }
        return new Work<>(parallel, (hands, home) -> {
            @SuppressWarnings("unchecked") // nobody sees it as an array
            R[] results = (R[]) new Object[(int) size];
            fill(hands, home, results, f);
            return Collections.unmodifiableList(Arrays.asList(results));
        });
    }

    /// {@return `target`, with the results of `f` in its first places, as many as there are elements and places} The
    /// others stay as they are. Lisp's `pmap-into`.
    /// @param <R> the type of the results
    /// @param target takes the results; may be the array that these elements are in
    /// @param f the function
    /// @throws IllegalStateException if these elements have no size
    public <R extends @Nullable Object> Work<R[]> mapInto(R[] target, Function<? super T, ? extends R> f) {
        requireNonNull(target, "target");
        requireNonNull(f, "f");
        if (at == null) {
            throw new IllegalStateException("mapInto needs elements with a size: collect them with map");
        }
        Elements<T> fitting = first((int) Math.min(size, target.length));
        return new Work<>(parallel, (hands, home) -> {
            fitting.fill(hands, home, target, f);
            return target;
        });
    }

    /// {@return work that calls `action` with every element, in no order} Lisp's `pmapc`.
    /// @param action what to do with an element
    public Work<@Nullable Void> forEach(Consumer<? super T> action) {
        requireNonNull(action, "action");
        Visit<T> each = (element, index) -> action.accept(element);
        return work(plan -> each, nothing -> null);
    }

    /// {@return all that `f` makes of the elements, in order} Lisp's `pmapcan`.
    /// @param <R> the type of the results
    /// @param f makes any number of results of an element
    public <R extends @Nullable Object> Work<List<R>> flatMap(
            Function<? super T, ? extends Collection<? extends R>> f) {
        requireNonNull(f, "f");
        return collect((element, list) -> list.addAll(f.apply(element)));
    }

    /// {@return the elements put together by `op`, from left to right} Lisp's `preduce`.
    /// @param op must be associative
    /// @throws NoSuchElementException when it runs, if there are no elements
    public Work<T> reduce(BinaryOperator<T> op) {
        Fold<T, T> fold = new Fold<>(Function.identity(), op);
        return work(plan -> fold, fold::present);
    }

    /// {@return `first` and the elements put together by `op`, from left to right} `first` is used once, whatever the
    /// pieces are (decision 0103).
    /// @param first what to begin with; the result, if there are no elements
    /// @param op must be associative
    public Work<T> reduce(T first, BinaryOperator<T> op) {
        return mapReduce(Function.identity(), first, op);
    }

    /// {@return `first` and the results of `f` put together by `op`, from left to right} Lisp's `pmap-reduce`.
    /// @param <R> the type of the results
    /// @param f the function
    /// @param first what to begin with; the result, if there are no elements
    /// @param op must be associative
    public <R extends @Nullable Object> Work<R> mapReduce(
            Function<? super T, ? extends R> f, R first, BinaryOperator<R> op) {
        Fold<T, R> fold = new Fold<>(f, op);
        return work(plan -> fold, got -> fold.after(first, got));
    }

    /// {@return what `op` makes of each piece, in order; as many pieces as [#parts] says, else as the kernel has workers}
    /// Lisp's `preduce-partial`.
    /// @param op need not be associative, since pieces are not put together
    /// @throws NoSuchElementException when it runs, if there are no elements
    /// @throws IllegalStateException if these elements have no size
    public Work<List<T>> partials(BinaryOperator<T> op) {
        Fold<T, T> fold = new Fold<>(Function.identity(), op);
        IntFunction<? extends T> source = at;
        if (source == null) {
            throw new IllegalStateException("partials needs elements with a size");
        }
        return new Work<>(parallel, (hands, home) -> {
            Plan plan = plan(home);
            int count = (int) Math.min(parts > 0 ? parts : parallel.kernel().workers(), size);
            if (count == 0) {
                throw new NoSuchElementException("there are no elements to reduce");
            }
            var each = Stretch.of(fold, source, 0, plan).partials((int) size, count);
            List<T> all = new ArrayList<>();
            Span.run(hands, each, plan, true, count).forEach(got -> all.add(fold.present(got)));
            return Collections.unmodifiableList(all);
        });
    }

    /// {@return the elements in order, the equal ones as they were; a list that cannot be changed} Lisp's `psort`, but
    /// stable, and of a copy; [Parallel#sort] sorts an array where it is.
    /// @param order the order
    public Work<List<T>> sort(Comparator<? super T> order) {
        requireNonNull(order, "order");
        return new Work<>(parallel, (hands, home) -> {
            Plan collecting = new Plan(parallel.withoutProgress(), home, -1);
            List<T> list = compute(hands, collecting, new Collect<T, T>((element, all) -> all.add(element)));
            @SuppressWarnings("unchecked") // it holds elements
            T[] sorted = (T[]) list.toArray();
            Sort.sort(hands, sorted, 0, sorted.length, new Cells.Ordered<T>(order), new Plan(parallel, home, sorted.length));
            return Collections.unmodifiableList(Arrays.asList(sorted));
        });
    }

    /// {@return the questions that can be asked about elements that match `test`}
    /// @param test the test
    public Matching<T> matching(Predicate<? super T> test) {
        return new Matching<>(this, requireNonNull(test, "test"));
    }

    // ---- how they run

    <A extends @Nullable Object, R extends @Nullable Object> Work<R> work(
            Function<Plan, ? extends Pass<T, A>> pass, Function<? super A, ? extends R> finish) {
        return new Work<>(parallel, (hands, home) -> {
            Plan plan = plan(home);
            return finish.apply(compute(hands, plan, pass.apply(plan)));
        });
    }

    private <R extends @Nullable Object> Work<List<R>> collect(BiConsumer<? super T, ? super List<R>> each) {
        return work(plan -> new Collect<T, R>(each), Collections::unmodifiableList);
    }

    private <R extends @Nullable Object> void fill(
            Hands hands, Home home, R[] target, Function<? super T, ? extends R> f) {
        Visit<T> each = (element, index) -> target[(int) index] = f.apply(element);
        compute(hands, plan(home), each);
    }

    private Plan plan(Home home) {
        long known = at == null ? feed.getExactSizeIfKnown() : size;
        return new Plan(parallel, home, Math.min(size, known));
    }

    private <A extends @Nullable Object> A compute(Hands hands, Plan plan, Pass<T, A> pass) {
        IntFunction<? extends T> source = at;
        if (source == null) {
            return Feed.run(hands, new Feed<>(feed, pass, plan, size));
        }
        int all = (int) size;
        Stretch<A> whole = Stretch.of(pass, source, 0, plan);
        int count = Math.min(parts, all);
        return count > 0
                ? Span.run(hands, whole.inParts(all, count), plan, true, count)
                : Span.run(hands, whole, plan, false, all);
    }
}
