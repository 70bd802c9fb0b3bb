package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Hands;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Values of several types that were computed side by side.
record Let(List<@Nullable Object> values) {

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // Parallel.let() knows the types
    <V extends @Nullable Object> V at(int index) {
        return (V) values.get(index);
    }

    static <R extends @Nullable Object> Work<R> work(
            Parallel parallel, Function<? super Let, ? extends R> body, Supplier<?>... values) {
        for (Supplier<?> each : values) {
            requireNonNull(each, "value");
        }
        List<Supplier<?>> all = List.of(values);
        return parallel.forking(hands -> body.apply(new Let(compute(hands, all))));
    }

    /// Computes the first, while the others lie ready for somebody who does the same with them.
    private static List<@Nullable Object> compute(Hands hands, List<Supplier<?>> values) {
        List<@Nullable Object> computed = new ArrayList<>();
        if (values.size() == 1) {
            computed.add(values.getFirst().get());
            return computed;
        }
        List<Supplier<?>> rest = values.subList(1, values.size());
        Fork<List<@Nullable Object>> others = Fork.start(hands, h -> compute(h, rest));
        computed.add(values.getFirst().get());
        computed.addAll(others.join());
        return computed;
    }
}
