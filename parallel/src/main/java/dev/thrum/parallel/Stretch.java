package dev.thrum.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What is got from stretches of a source.
///
/// @param <A> what is got
interface Stretch<A extends @Nullable Object> {

    /// {@return what was got from nothing}
    A none();

    /// {@return what was got before and from the stretch `from` to `to`}
    A over(A before, int from, int to);

    /// {@return what was got from two neighbours, the left one first}
    A both(A left, A right);

    /// {@return how many elements there are in a stretch}
    default int count(int from, int to) {
        return to - from;
    }

    /// {@return a pass over elements, of which the first has the index `base`}
    static <T extends @Nullable Object, A extends @Nullable Object> Stretch<A> of(
            Pass<T, A> pass, IntFunction<? extends T> at, long base, Plan plan) {
        return new Stretch<>() {
            @Override
            public A none() {
                return pass.none();
            }

            @Override
            public A over(A before, int from, int to) {
                A got = before;
                int i = from;
                while (i < to) {
                    try {
                        for (; i < to; i++) {
                            got = pass.one(got, at.apply(i), base + i);
                        }
                    } catch (Throwable problem) {
                        plan.failed(base + i, problem);
                        i++;
                    }
                }
                return got;
            }

            @Override
            public A both(A left, A right) {
                return pass.both(left, right);
            }
        };
    }

    /// {@return where piece `index` begins: sizes differ by one at most, the first ones are larger}
    static int begin(int index, int size, int parts) {
        return index * (size / parts) + Math.min(index, size % parts);
    }

    /// {@return stretches of pieces in place of elements}
    default Stretch<A> inParts(int size, int parts) {
        Stretch<A> whole = this;
        return new Stretch<>() {
            @Override
            public A none() {
                return whole.none();
            }

            @Override
            public int count(int from, int to) {
                return begin(to, size, parts) - begin(from, size, parts);
            }

            @Override
            public A over(A before, int from, int to) {
                return whole.over(before, begin(from, size, parts), begin(to, size, parts));
            }

            @Override
            public A both(A left, A right) {
                return whole.both(left, right);
            }
        };
    }

    /// {@return what is got from each piece by itself}
    default Stretch<List<A>> partials(int size, int parts) {
        Stretch<A> whole = this;
        return new Stretch<>() {
            @Override
            public List<A> none() {
                return new ArrayList<>();
            }

            @Override
            public int count(int from, int to) {
                return begin(to, size, parts) - begin(from, size, parts);
            }

            @Override
            public List<A> over(List<A> before, int from, int to) {
                for (int i = from; i < to; i++) {
                    before.add(whole.over(whole.none(), begin(i, size, parts), begin(i + 1, size, parts)));
                }
                return before;
            }

            @Override
            public List<A> both(List<A> left, List<A> right) {
                left.addAll(right);
                return left;
            }
        };
    }
}
