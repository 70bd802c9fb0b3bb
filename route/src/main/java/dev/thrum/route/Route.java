package dev.thrum.route;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Method;
import java.util.Locale;
import java.util.Optional;

/// Which requests a target answers (Wookie's `defroute`).
///
/// **Threads.** Immutable.
/// @param <T> what answers, such as a handler
/// @param method the only method, or empty for any
/// @param host the only host, or empty for all: `shop.example` on any port, `shop.example:8080` on one,
///     `*.shop.example` for every name below
/// @param pattern the paths
/// @param priority routes with a higher one are asked first; 0 unless said otherwise
/// @param target what answers
public record Route<T>(Optional<Method> method, Optional<String> host, PathPattern pattern, int priority, T target) {

    /// Checks the components, and turns the host to lower case.
    /// @throws IllegalArgumentException if the host is empty, or has white space, a slash, or a `*` other than in front
    public Route {
        requireNonNull(method, "method");
        requireNonNull(pattern, "pattern");
        requireNonNull(target, "target");
        host = host.map(name -> checked(name).toLowerCase(Locale.ROOT));
    }

    private static String checked(String host) {
        if (!host.matches("(\\*\\.)?[^\\s/*]+")) {
            throw new IllegalArgumentException("a host is a name, name:port or *.name: \"" + host + '"');
        }
        return host;
    }

    /// {@return a route for every host, of priority 0}
    /// @param <T> what answers
    /// @param method the method
    /// @param pattern the paths, see [PathPattern#of]
    /// @param target what answers
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public static <T> Route<T> of(Method method, String pattern, T target) {
        return new Route<>(Optional.of(method), Optional.empty(), PathPattern.of(pattern), 0, target);
    }

    /// {@return a route for every method and host, of priority 0}
    /// @param <T> what answers
    /// @param pattern the paths, see [PathPattern#of]
    /// @param target what answers
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public static <T> Route<T> any(String pattern, T target) {
        return new Route<>(Optional.empty(), Optional.empty(), PathPattern.of(pattern), 0, target);
    }

    /// {@return this route for one host only (Wookie's `vhost`)}
    /// @param host a name, name:port or *.name
    /// @throws IllegalArgumentException if `host` is none of these
    public Route<T> withHost(String host) {
        return new Route<>(method, Optional.of(host), pattern, priority, target);
    }

    /// {@return this route with another priority}
    /// @param priority higher is asked first
    public Route<T> withPriority(int priority) {
        return new Route<>(method, host, pattern, priority, target);
    }

    /// The requests a route stands for; a second route for the same ones replaces the first.
    record Key(Optional<Method> method, Optional<String> host, PathPattern pattern) {}

    Key key() {
        return new Key(method, host, pattern);
    }

    boolean answers(String requestedHost) {
        if (host.isEmpty()) {
            return true;
        }
        String wanted = host.get();
        String name = withoutPort(wanted).length() < wanted.length() ? requestedHost : withoutPort(requestedHost);
        return wanted.startsWith("*.") ? name.endsWith(wanted.substring(1)) : name.equals(wanted);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host; // an IPv6 address has colons inside
    }
}
