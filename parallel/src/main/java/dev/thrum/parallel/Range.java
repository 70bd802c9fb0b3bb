package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import dev.thrum.scope.Home;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/// Whole numbers one after the other, and algorithms over them that make no boxes: parallel loops, and what is done with
/// arrays of primitives by their index.
///
/// ```java
/// parallel.range(0, rows).forEach(y -> paint(image, y)).run();                          // Lisp's pdotimes
/// double[] roots = parallel.range(0, a.length).toDoubles(i -> Math.sqrt(a[i])).run();
/// long sum = parallel.range(0, a.length).reduceLongs(0, i -> a[i], Long::sum).run();
/// ```
///
/// **Threads.** As in [Elements].
/// **Failure.** As in [Work]; the index of a [PieceException] counts from the beginning of the range.
public final class Range {
    private final Parallel parallel;
    private final int from;
    private final int to;
    private final int parts;

    Range(Parallel parallel, int from, int to, int parts) {
        this.parallel = parallel;
        this.from = from;
        this.to = to;
        this.parts = parts;
    }

    /// {@return this range, worked on in that many pieces; as [Elements#parts]}
    /// @param parts how many, at least one
    /// @throws IllegalArgumentException if `parts` is less than one
    public Range parts(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("parts must be at least 1: " + parts);
        }
        return new Range(parallel, from, to, parts);
    }

    /// {@return the numbers as elements, for the algorithms that a range does not have}
    public Elements<Integer> elements() {
        Elements<Integer> all = Elements.of(parallel, to - from, i -> from + i);
        return parts > 0 ? all.parts(parts) : all;
    }

    /// {@return work that calls `action` with every number, in no order} Lisp's `pdotimes`.
    /// @param action what to do
    public Work<@Nullable Void> forEach(IntConsumer action) {
        requireNonNull(action, "action");
        return new Work<>(parallel, (hands, home) -> {
            run(hands, home, (low, high, plan) -> {
                int i = low;
                try {
                    for (; i < high; i++) {
                        action.accept(from + i);
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
                return i;
            });
            return null;
        });
    }

    /// {@return the results of `f`, in a list that cannot be changed}
    /// @param <R> the type of the results
    /// @param f the function
    public <R extends @Nullable Object> Work<List<R>> map(IntFunction<? extends R> f) {
        requireNonNull(f, "f");
        return new Work<>(parallel, (hands, home) -> {
            @SuppressWarnings("unchecked") // nobody sees it as an array
            R[] results = (R[]) new Object[to - from];
            run(hands, home, (low, high, plan) -> {
                int i = low;
                try {
                    for (; i < high; i++) {
                        results[i] = f.apply(from + i);
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
                return i;
            });
            return Collections.unmodifiableList(Arrays.asList(results));
        });
    }

    /// {@return the results of `f`, in a new array}
    /// @param f the function
    public Work<int[]> toInts(IntUnaryOperator f) {
        requireNonNull(f, "f");
        return new Work<>(parallel, (hands, home) -> {
            int[] results = new int[to - from];
            run(hands, home, (low, high, plan) -> {
                int i = low;
                try {
                    for (; i < high; i++) {
                        results[i] = f.applyAsInt(from + i);
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
                return i;
            });
            return results;
        });
    }

    /// {@return the results of `f`, in a new array}
    /// @param f the function
    public Work<long[]> toLongs(IntToLongFunction f) {
        requireNonNull(f, "f");
        return new Work<>(parallel, (hands, home) -> {
            long[] results = new long[to - from];
            run(hands, home, (low, high, plan) -> {
                int i = low;
                try {
                    for (; i < high; i++) {
                        results[i] = f.applyAsLong(from + i);
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
                return i;
            });
            return results;
        });
    }

    /// {@return the results of `f`, in a new array}
    /// @param f the function
    public Work<double[]> toDoubles(IntToDoubleFunction f) {
        requireNonNull(f, "f");
        return new Work<>(parallel, (hands, home) -> {
            double[] results = new double[to - from];
            run(hands, home, (low, high, plan) -> {
                int i = low;
                try {
                    for (; i < high; i++) {
                        results[i] = f.applyAsDouble(from + i);
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
                return i;
            });
            return results;
        });
    }

    /// {@return `first` and the results of `f` put together by `op`, from left to right} `first` is used once.
    /// @param first what to begin with; the result of an empty range
    /// @param f the function
    /// @param op must be associative
    public Work<Integer> reduceInts(int first, IntUnaryOperator f, IntBinaryOperator op) {
        requireNonNull(f, "f");
        requireNonNull(op, "op");
        return fold(first, op::applyAsInt, (low, high, plan) -> {
            int got = 0;
            int i = low;
            while (i < high) {
                try {
                    got = i == low ? f.applyAsInt(from + i++) : got;
                    for (; i < high; i++) {
                        got = op.applyAsInt(got, f.applyAsInt(from + i));
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
            }
            return got;
        });
    }

    /// {@return `first` and the results of `f` put together by `op`, from left to right} `first` is used once.
    /// @param first what to begin with; the result of an empty range
    /// @param f the function
    /// @param op must be associative
    public Work<Long> reduceLongs(long first, IntToLongFunction f, LongBinaryOperator op) {
        requireNonNull(f, "f");
        requireNonNull(op, "op");
        return fold(first, op::applyAsLong, (low, high, plan) -> {
            long got = 0;
            int i = low;
            while (i < high) {
                try {
                    got = i == low ? f.applyAsLong(from + i++) : got;
                    for (; i < high; i++) {
                        got = op.applyAsLong(got, f.applyAsLong(from + i));
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
            }
            return got;
        });
    }

    /// {@return `first` and the results of `f` put together by `op`, from left to right} `first` is used once.
    /// @param first what to begin with; the result of an empty range
    /// @param f the function
    /// @param op must be associative
    public Work<Double> reduceDoubles(double first, IntToDoubleFunction f, DoubleBinaryOperator op) {
        requireNonNull(f, "f");
        requireNonNull(op, "op");
        return fold(first, op::applyAsDouble, (low, high, plan) -> {
            double got = 0;
            int i = low;
            while (i < high) {
                try {
                    got = i == low ? f.applyAsDouble(from + i++) : got;
                    for (; i < high; i++) {
                        got = op.applyAsDouble(got, f.applyAsDouble(from + i));
                    }
                } catch (Throwable problem) {
                    plan.failed(i++, problem);
                }
            }
            return got;
        });
    }

    /// {@return `first` and the results of `f` for slices of the range put together by `op`, from left to right} For loops
    /// of one's own, such as those that become vector instructions: the range is cut as it suits, and each number is in
    /// one slice.
    ///
    /// ```java
    /// long sum = parallel.range(0, a.length).reduceSlices(0L, (low, high) -> sum(a, low, high), Long::sum).run();
    /// ```
    ///
    /// A failure is told with the index at which its slice begins.
    /// @param <R> the type of the results
    /// @param first what to begin with; the result of an empty range; used once
    /// @param f the function
    /// @param op must be associative
    public <R> Work<R> reduceSlices(R first, Slice<? extends R> f, BinaryOperator<R> op) {
        requireNonNull(first, "first");
        requireNonNull(f, "f");
        requireNonNull(op, "op");
        return fold(first, op, (low, high, plan) -> {
            try {
                return f.apply(from + low, from + high);
            } catch (Throwable problem) {
                plan.failed(low, problem);
                return first;
            }
        });
    }

    /// {@return `array`, whose elements in the places of this range are sorted where they are, as by
    /// [Arrays#sort(int[])]} Other arrays: [Parallel#sort].
    /// @param array what to sort; when the work fails or is cancelled, what these places hold is not said
    /// @throws IllegalArgumentException if it does not have these places
    public Work<int[]> sort(int[] array) {
        return sort(array, new Cells.Ints());
    }

    /// {@return `array`, whose elements in the places of this range are sorted where they are, as by
    /// [Arrays#sort(long[])]}
    /// @param array what to sort; when the work fails or is cancelled, what these places hold is not said
    /// @throws IllegalArgumentException if it does not have these places
    public Work<long[]> sort(long[] array) {
        return sort(array, new Cells.Longs());
    }

    /// {@return `array`, whose elements in the places of this range are sorted where they are, as by
    /// [Arrays#sort(double[])]}
    /// @param array what to sort; when the work fails or is cancelled, what these places hold is not said
    /// @throws IllegalArgumentException if it does not have these places
    public Work<double[]> sort(double[] array) {
        return sort(array, new Cells.Doubles());
    }

    private <A> Work<A> sort(A array, Cells<A> cells) {
        int length = cells.length(array);
        if (from < 0 || to > length) {
            throw new IllegalArgumentException("a range to sort must be within 0.." + length + ": " + from + ".." + to);
        }
        return new Work<>(parallel, (hands, home) -> {
            Sort.sort(hands, array, from, to, cells, new Plan(parallel, home, to - from));
            return array;
        });
    }

    /// A function of some numbers of a range.
    /// @param <R> the type of the result
    @FunctionalInterface
    public interface Slice<R> {
        /// {@return the result}
        /// @param low the first number
        /// @param high the one after the last
        R apply(int low, int high);
    }

    // ---- how they run

    /// Does something with numbers, counted from the beginning of the range.
    private interface Loop {
        /// {@return where to go on: at `high`, or behind one that failed}
        int over(int low, int high, Plan plan);
    }

    /// Gets something from numbers, counted from the beginning of the range; at least one.
    private interface Chunk<R> {
        R over(int low, int high, Plan plan);
    }

    private void run(Hands hands, Home home, Loop loop) {
        Plan plan = new Plan(parallel, home, to - from);
        cut(hands, plan, new Looped(loop, plan));
    }

    private <R> Work<R> fold(R first, BinaryOperator<R> op, Chunk<? extends R> chunk) {
        return new Work<>(parallel, (hands, home) -> {
            Plan plan = new Plan(parallel, home, to - from);
            R got = cut(hands, plan, new Folded<R>(op, chunk, plan));
            return got == null ? first : op.apply(first, got);
        });
    }

    private <A extends @Nullable Object> A cut(Hands hands, Plan plan, Stretch<A> whole) {
        int all = to - from;
        int count = Math.min(parts, all);
        return count > 0
                ? Span.run(hands, whole.inParts(all, count), plan, true, count)
                : Span.run(hands, whole, plan, false, all);
    }

    private record Looped(Loop loop, Plan plan) implements Stretch<@Nullable Void> {
        @Override
        public @Nullable Void none() {
            return null;
        }

        @Override
        public @Nullable Void over(@Nullable Void before, int from, int to) {
            int next = from;
            while (next < to) {
                next = loop.over(next, to, plan);
            }
            return null;
        }

        @Override
        public @Nullable Void both(@Nullable Void left, @Nullable Void right) {
            return null;
        }
    }

    private record Folded<R>(BinaryOperator<R> op, Chunk<? extends R> chunk, Plan plan)
            implements Stretch<@Nullable R> {
        @Override
        public @Nullable R none() {
            return null;
        }

        @Override
        public @Nullable R over(@Nullable R before, int from, int to) {
            return both(before, chunk.over(from, to, plan));
        }

        @Override
        public @Nullable R both(@Nullable R left, @Nullable R right) {
            return left == null ? right : right == null ? left : op.apply(left, right);
        }
    }
}
