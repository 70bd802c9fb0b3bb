package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Limits;
import dev.thrum.http.Method;
import dev.thrum.http.Timeouts;
import dev.thrum.promise.Promise;
import dev.thrum.route.Route;
import dev.thrum.route.Routes;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Everything that an application answers with: its routes, its hooks, its limits (Wookie's state).
///
/// ```java
/// var app = WebApp.create()
///         .get("/", (request, response) -> response.send("Welcome to my homepage!"))
///         .get("/fib/{n:int}", (request, response) ->
///                 response.send(kernel.submit(() -> fib(request.pathInt("n")))));
///
/// app.start(Listener.http(8000), Listener.http(8001), Listener.http(8002), Listener.http(8003));
/// ```
///
/// It is a set-up object. What [#start] runs is an immutable snapshot of it, which all loops read without a lock; what is
/// changed here afterwards touches no running server, but may be started as another one. Two applications share nothing.
///
/// **Threads.** One thread at a time; no thread of its own.
public final class WebApp {
    private static final Set<Class<?>> AWAITABLE = Set.of(Event.PreRoute.class, Event.PostRoute.class);

    private final Routes.Builder<Handler> routes = Routes.builder();
    private final Hooks.Builder hooks = new Hooks.Builder();
    private String name = "app";
    private Limits limits = Limits.standard();
    private Timeouts timeouts = Timeouts.standard();

    private WebApp() {}

    /// {@return an application that answers nothing yet}
    public static WebApp create() {
        return new WebApp();
    }

    // ---- routes

    /// Adds a route (Wookie's `defroute`). One for the same method, host and paths is replaced in its place.
    /// @param route the route
    /// @return this
    public WebApp route(Route<Handler> route) {
        routes.add(route);
        return this;
    }

    /// Answers GET requests, and HEAD requests unless a route of their own does.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public WebApp get(String pattern, Handler handler) {
        return route(Route.of(Method.GET, pattern, handler));
    }

    /// Answers POST requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public WebApp post(String pattern, Handler handler) {
        return route(Route.of(Method.POST, pattern, handler));
    }

    /// Answers PUT requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public WebApp put(String pattern, Handler handler) {
        return route(Route.of(Method.PUT, pattern, handler));
    }

    /// Answers PATCH requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public WebApp patch(String pattern, Handler handler) {
        return route(Route.of(Method.PATCH, pattern, handler));
    }

    /// Answers DELETE requests.
    /// @param pattern the paths, see [dev.thrum.route.PathPattern]
    /// @param handler answers
    /// @return this
    /// @throws IllegalArgumentException if `pattern` is not a pattern
    public WebApp delete(String pattern, Handler handler) {
        return route(Route.of(Method.DELETE, pattern, handler));
    }

    // ---- hooks

    /// Runs `hook` at every event of a kind, after the hooks that were added before it (Wookie's `add-hook`). What it
    /// throws at [Event.PreRoute] or [Event.PostRoute] is answered as if the handler had thrown it; elsewhere it goes to
    /// the loop's error route.
    /// @param <E> the kind of event
    /// @param type the kind of event
    /// @param hook runs on the loop of the connection
    /// @return this
    public <E extends Event> WebApp on(Class<E> type, Consumer<? super E> hook) {
        hooks.add(requireNonNull(type, "type"), requireNonNull(hook, "hook"));
        return this;
    }

    /// Runs `hook` at every event of a kind, and has the request wait until its promise is fulfilled; the loop does not
    /// wait. A rejection is answered as if the handler had thrown the reason.
    /// @param <E> the kind of event
    /// @param type [Event.PreRoute] or [Event.PostRoute]
    /// @param hook runs on the loop of the connection
    /// @return this
    /// @throws IllegalArgumentException if nothing waits at events of this kind
    public <E extends Event> WebApp awaiting(Class<E> type, Function<? super E, ? extends Promise<?>> hook) {
        if (!AWAITABLE.contains(type)) {
            throw new IllegalArgumentException("only PreRoute and PostRoute wait for hooks: " + type.getSimpleName());
        }
        hooks.addAwaited(type, requireNonNull(hook, "hook"));
        return this;
    }

    // ---- settings

    /// Names this application, its loops' threads and its reports. It is `app` until then.
    /// @param name the name
    /// @return this
    public WebApp named(String name) {
        this.name = requireNonNull(name, "name");
        return this;
    }

    /// Sets how much a connection may ask for. It is [Limits#standard] until then.
    /// @param limits the limits
    /// @return this
    public WebApp limits(Limits limits) {
        this.limits = requireNonNull(limits, "limits");
        return this;
    }

    /// Sets how long a connection may keep us waiting. It is [Timeouts#standard] until then.
    /// @param timeouts the timeouts
    /// @return this
    public WebApp timeouts(Timeouts timeouts) {
        this.timeouts = requireNonNull(timeouts, "timeouts");
        return this;
    }

    // ---- running

    /// Runs a snapshot of this application, with a loop of its own for each listener (Wookie's `start-server`, and the
    /// threads around it). Blocks until all of them listen.
    /// @param listeners where to listen, one at least
    /// @return the running server
    /// @throws IllegalArgumentException if there is no listener
    /// @throws UncheckedIOException if one of the addresses cannot be had; then none is
    public Server start(Listener... listeners) {
        if (listeners.length == 0) {
            throw new IllegalArgumentException("a server needs a listener, such as Listener.http(8000)");
        }
        return RunningServer.start(snapshot(), List.of(listeners));
    }

    private Snapshot snapshot() {
        return new Snapshot(name, routes.build(), hooks.build(), limits, timeouts);
    }
}
