package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/// Names with texts, as clients send them in queries, forms and cookies: a name may stand there several times.
///
/// ```java
/// String color = variables.first("color").orElse("blue");
/// List<String> sizes = variables.all("size");
/// ```
///
/// Names come in the order in which each stood first.
///
/// **Threads.** Immutable.
public final class Variables {
    private static final Variables NONE = new Variables(Map.of());

    private final Map<String, List<String>> values; // never changed

    private Variables(Map<String, List<String>> values) {
        this.values = values;
    }

    /// {@return no variables}
    public static Variables none() {
        return NONE;
    }

    /// {@return the first value of a name}
    /// @param name the name, case-sensitive
    public Optional<String> first(String name) {
        List<String> all = values.get(requireNonNull(name, "name"));
        return all == null ? Optional.empty() : Optional.of(all.getFirst());
    }

    /// {@return all values of a name, in the order in which they came}
    /// @param name the name, case-sensitive
    public List<String> all(String name) {
        return values.getOrDefault(requireNonNull(name, "name"), List.of());
    }

    /// {@return whether there is a value of this name, even if it is empty}
    /// @param name the name, case-sensitive
    public boolean has(String name) {
        return values.containsKey(requireNonNull(name, "name"));
    }

    /// {@return the names}
    public Set<String> names() {
        return values.keySet();
    }

    /// {@return how many values there are}
    public int size() {
        return values.values().stream().mapToInt(List::size).sum();
    }

    /// Hands every value to `action`, those of one name together.
    /// @param action receives name and value
    public void forEach(BiConsumer<? super String, ? super String> action) {
        requireNonNull(action, "action");
        values.forEach((name, all) -> all.forEach(value -> action.accept(name, value)));
    }

    /// {@return these and others in one view: where both have a name, the values of these come first}
    /// @param others the others
    public Variables and(Variables others) {
        if (others.values.isEmpty()) {
            return this;
        }
        var both = new Builder();
        forEach(both::add);
        others.forEach(both::add);
        return both.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Variables variables && values.equals(variables.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /// {@return the names, since the values may be secret}
    @Override
    public String toString() {
        return "variables " + values.keySet();
    }

    /// Collects variables.
    static final class Builder {
        private final Map<String, List<String>> values = new LinkedHashMap<>();
        private int size;

        void add(String name, String value) {
            values.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
            size++;
        }

        int size() {
            return size;
        }

        Variables build() {
            if (values.isEmpty()) {
                return NONE;
            }
            values.replaceAll((name, all) -> List.copyOf(all));
            return new Variables(Collections.unmodifiableMap(values));
        }
    }
}
