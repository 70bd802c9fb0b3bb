package dev.thrum.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The passes that the algorithms are made of.
final class Passes {

    private Passes() {}

    /// Does something with each element and keeps nothing.
    @FunctionalInterface
    interface Visit<T extends @Nullable Object> extends Pass<T, @Nullable Void> {
        /// Does it.
        void visit(T element, long index);

        @Override
        default @Nullable Void none() {
            return null;
        }

        @Override
        default @Nullable Void one(@Nullable Void before, T element, long index) {
            visit(element, index);
            return null;
        }

        @Override
        default @Nullable Void both(@Nullable Void left, @Nullable Void right) {
            return null;
        }
    }

    /// Adds what it makes of each element to a list.
    record Collect<T extends @Nullable Object, R extends @Nullable Object>(BiConsumer<? super T, ? super List<R>> each)
            implements Pass<T, List<R>> {
        @Override
        public List<R> none() {
            return new ArrayList<>();
        }

        @Override
        public List<R> one(List<R> before, T element, long index) {
            each.accept(element, before);
            return before;
        }

        @Override
        public List<R> both(List<R> left, List<R> right) {
            left.addAll(right);
            return left;
        }
    }

    /// Puts the results of a function together.
    record Fold<T extends @Nullable Object, R extends @Nullable Object>(
            Function<? super T, ? extends R> f, BinaryOperator<R> op) implements Pass<T, @Nullable Object> {
        private static final Object NOTHING = new Object();

        @Override
        public @Nullable Object none() {
            return NOTHING;
        }

        @Override
        public @Nullable Object one(@Nullable Object before, T element, long index) {
            R value = f.apply(element);
            return before == NOTHING ? value : op.apply(cast(before), value);
        }

        @Override
        public @Nullable Object both(@Nullable Object left, @Nullable Object right) {
            return left == NOTHING ? right : right == NOTHING ? left : op.apply(cast(left), cast(right));
        }

        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // everything else is an R
        private static <R extends @Nullable Object> R cast(@Nullable Object got) {
            return (R) got;
        }

        R after(R first, @Nullable Object got) {
            return got == NOTHING ? first : op.apply(first, cast(got));
        }

        R present(@Nullable Object got) {
            if (got == NOTHING) {
                throw new NoSuchElementException("there are no elements to reduce");
            }
            return cast(got);
        }
    }
}
