package dev.thrum.web;

import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What an application binds for all of its requests, and which plugin wanted it. For one thread.
final class Bindings {
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(@Nullable Plugin owner, UnaryOperator<Scope> binding) {}

    void add(@Nullable Plugin owner, UnaryOperator<Scope> binding) {
        entries.add(new Entry(owner, binding));
    }

    void removeAll(Plugin owner) {
        entries.removeIf(entry -> entry.owner == owner);
    }

    /// {@return what binds all of it, in the order it was added}
    UnaryOperator<Scope> build() {
        List<Entry> now = List.copyOf(entries);
        return scope -> {
            Scope within = scope;
            for (Entry entry : now) {
                within = entry.binding.apply(within);
            }
            return within;
        };
    }
}
