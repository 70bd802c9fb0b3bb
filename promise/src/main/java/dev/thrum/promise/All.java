package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Waits for several promises, which may have several homes.
final class All<T extends @Nullable Object> {
    private final Resolver<Values> whole = Resolver.create();
    private final @Nullable Object[] values; // each written before the count goes down, read by who brings it to zero
    private final AtomicInteger missing;

    All(Collection<? extends Promise<? extends T>> promises) {
        List<Node<?>> nodes = promises.stream()
                .<Node<?>>map(promise -> (Node<?>) requireNonNull(promise, "promise"))
                .toList();
        values = new Object[nodes.size()];
        missing = new AtomicInteger(nodes.size());
        if (nodes.isEmpty()) {
            whole.resolve(new Values(values));
            return;
        }
        List<Part> parts = new ArrayList<>(nodes.size());
        for (Node<?> node : nodes) {
            parts.add(node.attach(new Part(node.home, parts.size())));
        }
        whole.onCancel(reason -> parts.forEach(part -> part.cancel(reason)));
    }

    static Promise<Values> of(Promise<?>... promises) {
        return new All<@Nullable Object>(Arrays.asList(promises)).whole.promise();
    }

    /// {@return a promise of the list}
    Promise<List<T>> promise() {
        return whole.promise().map(Values::toList);
    }

    /// All the values.
    static final class Values {
        private final @Nullable Object[] values;

        private Values(@Nullable Object[] values) {
            this.values = values;
        }

        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // let() knows the types
        <V extends @Nullable Object> V at(int index) {
            return (V) values[index];
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the values are those of the promises given
        private <V extends @Nullable Object> List<V> toList() {
            return (List<V>) Collections.unmodifiableList(Arrays.asList(values));
        }
    }

    final class Part extends Watch {
        private final int index;

        private Part(Home home, int index) {
            super(home);
            this.index = index;
        }

        @Override
        void seen(Object result) {
            if (result instanceof Failure failure) {
                whole.reject(failure.reason);
                return;
            }
            values[index] = Outcome.value(result);
            if (missing.decrementAndGet() == 0) {
                whole.resolve(new Values(values));
            }
        }
    }
}
