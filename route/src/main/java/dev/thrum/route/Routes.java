package dev.thrum.route;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Method;
import dev.thrum.http.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An index over routes. What a request costs does not grow with their number.
///
/// ```java
/// Routes<Handler> routes = Routes.<Handler>builder()
///         .add(Route.of(Method.GET, "/photos/{id}", show))
///         .build();
/// switch (routes.find(request.method(), request.host(), request.path())) {
///     case Routes.Found<Handler> found -> found.target().handle(…);
///     case Routes.NotAllowed<Handler>(var allowed) -> …;                  // 405
///     case Routes.NotFound<Handler> _ -> …;                               // 404
/// }
/// ```
///
/// Where several routes match, the one of the highest priority wins; then the one that says more exactly what it wants,
/// from left to right: text before `int` before `long` before `uuid` before any segment before a rest; then the one for a
/// host before the one for all; then a method before any method; then the one that was added first. The others follow,
/// for handlers that pass. A `HEAD` request that no route is meant for goes to the routes for `GET`.
///
/// **Threads.** An index is immutable. A [Builder] is for one thread.
/// @param <T> what answers
public final class Routes<T> {
    private final Index<T> index;
    private final List<Route<T>> all;

    private Routes(List<Route<T>> all) {
        this.all = all;
        this.index = new Index<>(all);
    }

    /// {@return a builder of an index}
    /// @param <T> what answers
    public static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /// {@return the routes, in the order they were added}
    public List<Route<T>> all() {
        return all;
    }

    /// {@return who answers}
    /// @param method the method of the request
    /// @param host the host the client means, in lower case; may carry a port
    /// @param path the canonical path
    public Outcome<T> find(Method method, String host, String path) {
        return index.find(method, host, path);
    }

    /// What a search came to.
    /// @param <T> what answers
    public sealed interface Outcome<T> {}

    /// A route matches.
    /// @param <T> what answers
    public static final class Found<T> implements Outcome<T> {
        private final Route<T> route;
        private final Parameters parameters;
        private final Outcome<T> next;

        Found(Route<T> route, Parameters parameters, Outcome<T> next) {
            this.route = route;
            this.parameters = parameters;
            this.next = next;
        }

        /// {@return the route}
        public Route<T> route() {
            return route;
        }

        /// {@return what answers}
        public T target() {
            return route.target();
        }

        /// {@return what the pattern's parameters stand for}
        public Parameters parameters() {
            return parameters;
        }

        /// {@return who answers if this one passes: [Found] or [NotFound]}
        public Outcome<T> next() {
            return next;
        }
    }

    /// There are routes for this path and host, but none for the method.
    /// @param <T> what answers
    /// @param allowed the methods they are for, in the order in which routes win, with `HEAD` where `GET` is, and `OPTIONS`
    public record NotAllowed<T>(List<Method> allowed) implements Outcome<T> {}

    /// There is no route.
    /// @param <T> what answers
    public record NotFound<T>() implements Outcome<T> {}

    /// Collects routes.
    /// @param <T> what answers
    public static final class Builder<T> {
        private final Map<Route.Key, Route<T>> routes = new LinkedHashMap<>();

        private Builder() {}

        /// Adds a route. One that stands for the same requests (method, host, paths) is replaced in its place; that is
        /// returned.
        /// @param route the route
        /// @return the route that was replaced
        public Optional<Route<T>> put(Route<T> route) {
            return Optional.ofNullable(routes.put(requireNonNull(route, "route").key(), route));
        }

        /// Adds a route, as [#put].
        /// @param route the route
        /// @return this
        public Builder<T> add(Route<T> route) {
            put(route);
            return this;
        }

        /// {@return an index over what was added so far}
        public Routes<T> build() {
            return new Routes<>(List.copyOf(routes.values()));
        }
    }
}
