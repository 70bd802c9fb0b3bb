package dev.thrum.web;

import dev.thrum.http.Method;
import dev.thrum.route.Route;

/// What takes routes, and the short ways to add one.
///
/// ```java
/// app.get("/", (request, response) -> response.send("Welcome to my homepage!"))
///         .post("/notes", (request, response) -> response.send(request.text()));
/// ```
///
/// **Threads.** As the set-up of an application: one thread at a time.
/// @param <A> what they are added to
public sealed interface Routing<A extends Routing<A>> permits WebApp {

    /// Adds a route (Wookie's `defroute`). One for the same methods, host and paths is replaced in its place.
    /// @param route the route
    /// @return this
    A route(Route<Handler> route);

    /// Answers requests of every method.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    default A any(String pattern, Handler handler) {
        return route(Route.any(pattern, handler));
    }

    /// Answers GET requests, and HEAD requests unless a route of their own does.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    default A get(String pattern, Handler handler) {
        return route(Route.of(Method.GET, pattern, handler));
    }

    /// Answers POST requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    default A post(String pattern, Handler handler) {
        return route(Route.of(Method.POST, pattern, handler));
    }

    /// Answers PUT requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    default A put(String pattern, Handler handler) {
        return route(Route.of(Method.PUT, pattern, handler));
    }

    /// Answers PATCH requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    default A patch(String pattern, Handler handler) {
        return route(Route.of(Method.PATCH, pattern, handler));
    }

    /// Answers DELETE requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    default A delete(String pattern, Handler handler) {
        return route(Route.of(Method.DELETE, pattern, handler));
    }
}
