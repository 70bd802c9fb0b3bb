package dev.thrum.parallel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What can be asked about the elements that match a test.
///
/// ```java
/// Matching<Integer> primes = parallel.over(numbers).matching(n -> isPrime(n));
/// boolean some = primes.some().run();
/// Optional<Match<Integer>> smallest = primes.findFirst().run();
/// ```
///
/// A question whose answer is known asks no further.
///
/// **Threads.** As in [Elements].
///
/// @param <T> the type of the elements
public final class Matching<T extends @Nullable Object> {
    private final Elements<T> elements;
    private final Predicate<? super T> test;

    Matching(Elements<T> elements, Predicate<? super T> test) {
        this.elements = elements;
        this.test = test;
    }

    /// {@return whether every element matches; true without elements} Lisp's `pevery`.
    public Work<Boolean> every() {
        return exists(test.negate(), false);
    }

    /// {@return whether an element matches} Lisp's `psome`; [#find] tells which.
    public Work<Boolean> some() {
        return exists(test, true);
    }

    /// {@return whether no element matches} Lisp's `pnotany`.
    public Work<Boolean> notAny() {
        return exists(test, false);
    }

    /// {@return whether an element does not match} Lisp's `pnotevery`.
    public Work<Boolean> notEvery() {
        return exists(test.negate(), true);
    }

    /// {@return how many elements match} Lisp's `pcount-if`.
    public Work<Long> count() {
        return elements.work(plan -> new Count<T>(test), count -> count.value);
    }

    /// {@return an element that matches, if there is one: whichever is met first} Lisp's `pfind-if`; a null that was found
    /// is told from nothing.
    public Work<Optional<Match<T>>> find() {
        return elements.work(plan -> new Find<>(test, plan, true), Optional::ofNullable);
    }

    /// {@return the element with the lowest index that matches, if there is one}
    public Work<Optional<Match<T>>> findFirst() {
        return elements.work(plan -> new Find<>(test, plan, false), Optional::ofNullable);
    }

    /// {@return the elements that match, in a list that cannot be changed} Lisp's `premove-if-not`.
    public Work<List<T>> keep() {
        return kept(test);
    }

    /// {@return the elements that do not match, in a list that cannot be changed} Lisp's `premove-if`.
    public Work<List<T>> remove() {
        return kept(test.negate());
    }

    /// {@return both the elements that match and the others, in order}
    public Work<Partition<T>> partition() {
        return elements.work(plan -> new Split<T>(test), split -> new Partition<>(split.matching, split.others));
    }

    /// The elements that match, and the others, in order.
    /// @param <T> the type of the elements
    /// @param matching those that match
    /// @param others those that do not
    public record Partition<T extends @Nullable Object>(List<T> matching, List<T> others) {
        /// Keeps others from changing the lists.
        public Partition {
            matching = Collections.unmodifiableList(matching);
            others = Collections.unmodifiableList(others);
        }
    }

    private Work<Boolean> exists(Predicate<? super T> wanted, boolean answer) {
        return elements.work(plan -> new Find<>(wanted, plan, true), found -> (found != null) == answer);
    }

    private Work<List<T>> kept(Predicate<? super T> wanted) {
        return elements.work(
                plan -> new Passes.Collect<T, T>((element, list) -> {
                    if (wanted.test(element)) {
                        list.add(element);
                    }
                }),
                Collections::unmodifiableList);
    }

    private static final class Tally {
        private long value;
    }

    private record Count<T extends @Nullable Object>(Predicate<? super T> test) implements Pass<T, Tally> {
        @Override
        public Tally none() {
            return new Tally();
        }

        @Override
        public Tally one(Tally before, T element, long index) {
            before.value += test.test(element) ? 1 : 0;
            return before;
        }

        @Override
        public Tally both(Tally left, Tally right) {
            left.value += right.value;
            return left;
        }
    }

    /// Looks for one. What lies right of the best so far need not be tested.
    private record Find<T extends @Nullable Object>(
            Predicate<? super T> test, Plan plan, boolean any, AtomicLong best)
            implements Pass<T, @Nullable Match<T>> {

        Find(Predicate<? super T> test, Plan plan, boolean any) {
            this(test, plan, any, new AtomicLong(Long.MAX_VALUE));
        }

        @Override
        public @Nullable Match<T> none() {
            return null;
        }

        @Override
        public @Nullable Match<T> one(@Nullable Match<T> before, T element, long index) {
            if (before != null || index > best.get() || !test.test(element)) {
                return before;
            }
            best.accumulateAndGet(index, Math::min);
            if (any) {
                plan.finish();
            }
            return new Match<>(index, element);
        }

        @Override
        public @Nullable Match<T> both(@Nullable Match<T> left, @Nullable Match<T> right) {
            return left != null ? left : right;
        }
    }

    private static final class Halves<T extends @Nullable Object> {
        private final List<T> matching = new ArrayList<>();
        private final List<T> others = new ArrayList<>();
    }

    private record Split<T extends @Nullable Object>(Predicate<? super T> test) implements Pass<T, Halves<T>> {
        @Override
        public Halves<T> none() {
            return new Halves<>();
        }

        @Override
        public Halves<T> one(Halves<T> before, T element, long index) {
            (test.test(element) ? before.matching : before.others).add(element);
            return before;
        }

        @Override
        public Halves<T> both(Halves<T> left, Halves<T> right) {
            left.matching.addAll(right.matching);
            left.others.addAll(right.others);
            return left;
        }
    }
}
