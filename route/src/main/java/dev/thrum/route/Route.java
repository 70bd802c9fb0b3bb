package dev.thrum.route;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.thrum.http.Method;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which requests a target answers (Wookie's `defroute`).
///
/// ```java
/// Route.of(Method.GET, "/photos/{id}", show)
/// Route.of(Set.of(Method.PUT, Method.PATCH), "/photos/{id}", change).withHost("shop.example")
/// Route.any(PathPattern.regex("/archive/(\\d{4})/(.*)").ignoringCase(), archive).withPriority(5)
/// ```
///
/// **Threads.** Immutable.
/// @param <T> what answers, such as a handler
/// @param methods the only methods, or empty for any
/// @param host the only host, or empty for all: `shop.example` on any port, `shop.example:8080` on one,
///     `*.shop.example` for every name below
/// @param pattern the paths
/// @param priority routes with a higher one are asked first; 0 unless said otherwise
/// @param target what answers
public record Route<T>(Set<Method> methods, Optional<String> host, PathPattern pattern, int priority, T target) {

    /// Checks the components, and turns the host to lower case.
    /// @throws IllegalArgumentException if the host is empty, or has white space, a slash, or a `*` other than in front
    public Route {
        methods = Set.copyOf(methods);
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
        return of(Set.of(method), PathPattern.of(pattern), target);
    }

    /// {@return a route for every host, of priority 0}
    /// @param <T> what answers
    /// @param methods the methods; none for any
    /// @param pattern the paths
    /// @param target what answers
    public static <T> Route<T> of(Collection<Method> methods, PathPattern pattern, T target) {
        return new Route<>(Set.copyOf(methods), Optional.empty(), pattern, 0, target);
    }

    /// {@return a route for every method and host, of priority 0}
    /// @param <T> what answers
    /// @param pattern the paths, see [PathPattern#of]
    /// @param target what answers
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public static <T> Route<T> any(String pattern, T target) {
        return of(Set.of(), PathPattern.of(pattern), target);
    }

    /// {@return this route for one host only (Wookie's `vhost`)}
    /// @param host a name, name:port or *.name
    /// @throws IllegalArgumentException if `host` is none of these
    public Route<T> withHost(String host) {
        return new Route<>(methods, Optional.of(host), pattern, priority, target);
    }

    /// {@return this route with another priority}
    /// @param priority higher is asked first
    public Route<T> withPriority(int priority) {
        return new Route<>(methods, host, pattern, priority, target);
    }

    /// The requests a route stands for; a second route for the same ones replaces the first.
    record Key(Set<Method> methods, Optional<String> host, PathPattern pattern) {

        // By hand: see Template.
        @Override
        public int hashCode() {
            return 31 * (31 * methods.hashCode() + host.hashCode()) + pattern.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && pattern.equals(key.pattern)
                    && host.equals(key.host)
                    && methods.equals(key.methods);
        }
    }

    Key key() {
        return new Key(methods, host, pattern);
    }

    boolean isFor(Method method) {
        return methods.isEmpty() || methods.contains(method);
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

    /// {@return what it stands for, without its target: `GET,PUT /photos/{id} on shop.example, priority 5`}
    @Override
    public String toString() {
        String names = methods.stream().map(Method::name).sorted().collect(joining(","));
        return (names.isEmpty() ? "*" : names) + " " + pattern + (pattern.ignoresCase() ? " in any case" : "")
                + host.map(name -> " on " + name).orElse("") + (priority == 0 ? "" : ", priority " + priority);
    }
}
