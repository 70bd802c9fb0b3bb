package dev.thrum.route;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Method;
import dev.thrum.http.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// An index over routes. What a request costs does not grow with their number.
///
/// ```java
/// Routes<Handler> routes = Routes.<Handler>builder()
///         .add(Route.of(Method.GET, "/photos/{id}", show))
///         .build();
/// switch (routes.find(request.method(), request.host(), request.path())) {
///     case Routes.Found<Handler> found -> found.target().handle(…);
///     case Routes.NotAllowed<Handler>(var allowed) -> …;                  // 405
///     case Routes.Moved<Handler>(var path) -> …;                          // 308
///     case Routes.NotFound<Handler> _ -> …;                               // 404
/// }
/// ```
///
/// Where several routes match, the one of the highest priority wins; then the one that says more exactly what it wants,
/// from left to right: text before `int` before `long` before `uuid` before any segment before a rest; a regular expression
/// after all of these; then the one for a host before the one for all; then the one for some methods before the one for any
/// method; then the one that was added first. The others follow, for handlers that pass. A `HEAD` request that no route is
/// meant for goes to the routes for `GET`.
///
/// **Threads.** An index is immutable. A [Builder] is for one thread.
/// @param <T> what answers
public final class Routes<T> {
    private final Index<T> index;
    private final List<Route<T>> all;

    private Routes(List<Route<T>> all, TrailingSlash slash) {
        this.all = all;
        this.index = new Index<>(all, slash);
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

    /// {@return the routes, in the order in which they are asked where several match}
    public List<Route<T>> ranked() {
        return List.copyOf(index.ranked());
    }

    /// {@return the routes that are never asked unless another one passes, each with the first such other one} Two that
    /// share a part of their requests only are not told; nor is a regular expression that says more than `.*`, but for
    /// exact paths that it matches.
    public List<Shadow<T>> shadowed() {
        return Shadows.of(index.ranked());
    }

    /// {@return who answers}
    /// @param method the method of the request
    /// @param host the host the client means, in lower case; may carry a port
    /// @param path the canonical path
    /// @throws dev.thrum.http.HttpException with status 400 if a regular expression takes too long over the path
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

    /// There is no route for this path, but one with a slash more or less at its end: [TrailingSlash#REDIRECT].
    /// @param <T> what answers
    /// @param path the other path
    public record Moved<T>(String path) implements Outcome<T> {}

    /// A route that is never asked unless another one passes.
    /// @param <T> what answers
    /// @param route the route
    /// @param by the other one, which answers all of its requests, and is asked before
    public record Shadow<T>(Route<T> route, Route<T> by) {
        /// {@return a sentence}
        @Override
        public String toString() {
            return "the route " + route + " is never asked unless " + by + " passes";
        }
    }

    /// Collects routes.
    /// @param <T> what answers
    public static final class Builder<T> {
        private final List<Route<T>> routes = new ArrayList<>();
        private final Map<Route.Key, Integer> places = new HashMap<>(); // of the first of its key
        private TrailingSlash slash = TrailingSlash.DIFFERENT;

        private Builder() {}

        /// Adds a route. The first that stands for the same requests (methods, host, paths; not the priority) is replaced
        /// in its place, and returned.
        /// @param route the route
        /// @return the route that was replaced
        public Optional<Route<T>> put(Route<T> route) {
            Integer place = places.get(requireNonNull(route, "route").key());
            if (place == null) {
                append(route);
                return Optional.empty();
            }
            return Optional.of(routes.set(place, route));
        }

        /// Adds a route, as [#put].
        /// @param route the route
        /// @return this
        public Builder<T> add(Route<T> route) {
            put(route);
            return this;
        }

        /// Adds a route behind all others, even if there is one for the same requests, which then may pass to it.
        /// @param route the route
        /// @return this
        public Builder<T> append(Route<T> route) {
            places.putIfAbsent(requireNonNull(route, "route").key(), routes.size());
            routes.add(route);
            return this;
        }

        /// Removes all routes that stand for the same requests (methods, host, paths; not the priority).
        /// @param like such a route, with any target
        /// @return how many there were
        public int remove(Route<?> like) {
            return places.containsKey(like.key()) ? removeIf(route -> route.key().equals(like.key())) : 0;
        }

        /// Removes all routes that fulfil a condition.
        /// @param condition tells which
        /// @return how many there were
        public int removeIf(Predicate<? super Route<T>> condition) {
            int before = routes.size();
            routes.removeIf(condition);
            places.clear();
            for (int i = 0; i < routes.size(); i++) {
                places.putIfAbsent(routes.get(i).key(), i);
            }
            return before - routes.size();
        }

        /// Removes all routes.
        public void clear() {
            routes.clear();
            places.clear();
        }

        /// Sets what becomes of a path that has a slash too many or too few; it is [TrailingSlash#DIFFERENT] until then.
        /// @param policy the policy
        /// @return this
        public Builder<T> trailingSlash(TrailingSlash policy) {
            slash = requireNonNull(policy, "policy");
            return this;
        }

        /// {@return an index over what was added so far}
        public Routes<T> build() {
            return new Routes<>(List.copyOf(routes), slash);
        }
    }
}
