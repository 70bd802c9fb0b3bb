package dev.thrum.http;

import java.util.List;
import java.util.Optional;

/// What a route found in the path of a request. A router sets it with [Exchange#parameters].
///
/// **Threads.** Immutable.
public interface Parameters {

    /// {@return the parameter of this name, decoded}
    /// @param name as in the pattern of the route
    Optional<String> get(String name);

    /// {@return the names, in the order of the pattern}
    List<String> names();
}
