package dev.thrum.scope;

import static java.util.Objects.requireNonNull;

/// Names one binding of a [Scope], as a special variable does in Lisp. Two keys are never equal.
///
/// @param <T> the type of the values bound to it
@SuppressWarnings("UnusedTypeParameter") // it ties with() and get() together
public final class Key<T> {
    private final String name;

    private Key(String name) {
        this.name = name;
    }

    /// {@return a new key}
    /// @param <T> the type of the values bound to it
    /// @param name shown in messages
    public static <T> Key<T> of(String name) {
        return new Key<>(requireNonNull(name, "name"));
    }

    @Override
    public String toString() {
        return name;
    }
}
