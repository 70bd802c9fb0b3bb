package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// What a route found in the path of a request. A router sets it with [Exchange#parameters].
///
/// **Threads.** Immutable.
public interface Parameters {

    /// None.
    Parameters NONE = new NoParameters();

    /// {@return the parameter of this name, decoded}
    /// @param name as in the pattern of the route
    Optional<String> get(String name);

    /// {@return the names, in the order of the pattern}
    List<String> names();
}

/// The parameters of a path without any.
final class NoParameters implements Parameters {
    @Override
    public Optional<String> get(String name) {
        requireNonNull(name, "name");
        return Optional.empty();
    }

    @Override
    public List<String> names() {
        return List.of();
    }
}
