package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// What the results of a [Gathering] come to. Called by one thread at a time.
abstract class Goal<A extends @Nullable Object, B extends @Nullable Object> {

    /// Takes the result of one item.
    /// @return what that decides; null if it decides nothing
    @Nullable Object take(int index, A item, Object result) {
        if (result instanceof Failure) {
            return result;
        }
        add(index, item, Outcome.value(result));
        return null;
    }

    /// Takes a value, which decides nothing.
    void add(int index, A item, B value) {}

    /// {@return what it has come to when all results were taken, and none has decided it}
    abstract Object result();

    /// Takes what comes when it is decided.
    void late(Object decided, Object result) {
        if (decided instanceof Failure first && result instanceof Failure other) {
            Outcome.suppress(first.reason, other.reason);
        }
    }

    /// That all of them are there.
    static final class Done<A extends @Nullable Object, B extends @Nullable Object> extends Goal<A, B> {
        @Override
        Object result() {
            return Outcome.NIL;
        }
    }

    /// The values, in the order of the items.
    static final class Values<A extends @Nullable Object, B extends @Nullable Object> extends Goal<A, B> {
        private final List<@Nullable Object> values = new ArrayList<>();

        @Override
        void add(int index, A item, B value) {
            put(values, index, value);
        }

        @Override
        Object result() {
            return Collections.unmodifiableList(values);
        }
    }

    private static void put(List<@Nullable Object> list, int index, @Nullable Object element) {
        while (list.size() <= index) {
            list.add(null);
        }
        list.set(index, element);
    }

    /// The items that were chosen, in their order.
    static final class Chosen<A extends @Nullable Object> extends Goal<A, Boolean> {
        private static final Object NOT_CHOSEN = new Object();

        private final List<@Nullable Object> chosen = new ArrayList<>();

        @Override
        void add(int index, A item, Boolean value) {
            put(chosen, index, value ? item : NOT_CHOSEN);
        }

        @Override
        Object result() {
            chosen.removeIf(item -> item == NOT_CHOSEN);
            return Collections.unmodifiableList(chosen);
        }
    }

    /// The values folded in the order of the items, each as soon as those before it are there.
    static final class Folded<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            extends Goal<A, B> {
        private final BiFunction<? super R, ? super B, ? extends R> combine;
        private final Map<Integer, B> early = new HashMap<>();
        private R sum;
        private int next;

        Folded(R initial, BiFunction<? super R, ? super B, ? extends R> combine) {
            this.sum = initial;
            this.combine = combine;
        }

        @Override
        void add(int index, A item, B value) {
            early.put(index, value);
            while (early.containsKey(next)) {
                @SuppressWarnings("NullAway") // it is there, and null only where B allows it
                B due = early.remove(next);
                sum = combine.apply(sum, due);
                next++;
            }
        }

        @Override
        Object result() {
            return Outcome.boxed(sum);
        }
    }

    /// How each of them has ended, in the order of the items.
    static final class Ends<A extends @Nullable Object, B extends @Nullable Object> extends Goal<A, B> {
        private final List<@Nullable Object> states = new ArrayList<>();

        @Override
        @Nullable Object take(int index, A item, Object result) {
            put(states, index, Outcome.<B>state(result));
            return null;
        }

        @Override
        Object result() {
            return Collections.unmodifiableList(states);
        }
    }

    /// The first value; without one, the first failure.
    static final class FirstValue<A extends @Nullable Object, B extends @Nullable Object> extends Goal<A, B> {
        private @Nullable Failure firstFailure;

        @Override
        @Nullable Object take(int index, A item, Object result) {
            if (!(result instanceof Failure failure)) {
                return result;
            }
            if (firstFailure == null) {
                firstFailure = failure;
            } else {
                Outcome.suppress(firstFailure.reason, failure.reason);
            }
            return null;
        }

        @Override
        Object result() {
            return firstFailure == null ? nothing("any") : firstFailure;
        }
    }

    /// The first result, of whichever kind.
    static final class First<A extends @Nullable Object, B extends @Nullable Object> extends Goal<A, B> {
        @Override
        Object take(int index, A item, Object result) {
            return result;
        }

        @Override
        Object result() {
            return nothing("race");
        }
    }

    private static Failure nothing(String operator) {
        return new Failure(new NoSuchElementException(operator + "() of nothing has no result"));
    }
}
