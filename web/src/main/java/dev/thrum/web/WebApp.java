package dev.thrum.web;

import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import dev.thrum.http.Limits;
import dev.thrum.http.Timeouts;
import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import dev.thrum.route.Route;
import dev.thrum.route.Routes;
import dev.thrum.route.TrailingSlash;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
public final class WebApp implements Routing<WebApp>, Hooking<WebApp> {
    private static final Set<Class<?>> AWAITABLE = Set.of(
            Event.HeadersParsed.class,
            Event.BodyChunk.class,
            Event.BodyComplete.class,
            Event.PreRoute.class,
            Event.PostRoute.class);

    private final Routes.Builder<Handler> routes = Routes.builder();
    private Optional<String> host = Optional.empty(); // of routes that name none
    private boolean methodOverride;
    private final Hooks.Builder hooks = new Hooks.Builder();
    private final Plugins plugins = new Plugins();
    private final IdentityHashMap<Route<Handler>, Plugin> routesOfPlugins = new IdentityHashMap<>();
    private @Nullable Plugin owner; // of what is added now
    private final Bindings bindings = new Bindings();
    private final Phases.Builder phases = new Phases.Builder();
    private String name = "app";
    private Limits limits = Limits.standard();
    private Timeouts timeouts = Timeouts.standard();
    private Admission admission = Admission.standard();
    private Capacity capacity = Capacity.standard();
    private final Pressures pressures = new Pressures();
    private System.Logger.Level logLevel = System.Logger.Level.ALL;
    private Optional<ErrorBudget> errorBudget = Optional.empty();

    private WebApp() {}

    /// {@return an application that answers nothing yet}
    public static WebApp create() {
        return new WebApp();
    }

    // ---- routes

    @Override
    public WebApp route(Route<Handler> route) {
        routes.add(owned(route));
        return this;
    }

    /// Adds a route behind all others, even if there is one for the same requests, which may pass to it (Wookie's
    /// `:replace nil`).
    /// @param route the route
    /// @return this
    public WebApp append(Route<Handler> route) {
        routes.append(owned(route));
        return this;
    }

    private Route<Handler> here(Route<Handler> route) {
        return host.isPresent() && route.host().isEmpty() ? route.withHost(host.get()) : route;
    }

    private Route<Handler> owned(Route<Handler> route) {
        Route<Handler> here = here(route);
        if (owner != null) {
            routesOfPlugins.put(here, owner);
        }
        return here;
    }

    /// Runs `setUp`; the routes that it adds or clears here, and that name no host, are for one host only (Wookie's
    /// `with-vhost`).
    /// @param host a name, name:port or *.name
    /// @param setUp adds routes to this application
    /// @return this
    public WebApp onHost(String host, Consumer<? super WebApp> setUp) {
        Optional<String> outer = this.host;
        this.host = Optional.of(host);
        try {
            setUp.accept(this);
        } finally {
            this.host = outer;
        }
        return this;
    }

    /// Removes the routes that stand for the same requests as `like`: methods, host, paths (Wookie's `clear-route`).
    /// @param like such a route, with any handler
    /// @return this
    public WebApp clearRoute(Route<Handler> like) {
        routes.remove(here(like));
        return this;
    }

    /// Removes all routes (Wookie's `clear-routes`).
    /// @return this
    public WebApp clearRoutes() {
        routes.clear();
        return this;
    }

    // ---- hooks

    @Override
    public <E extends Event> WebApp on(Class<E> type, String name, Consumer<? super E> hook) {
        hooks.add(requireNonNull(type, "type"), requireNonNull(name, "name"), owner, requireNonNull(hook, "hook"));
        return this;
    }

    @Override
    public <E extends Event> WebApp awaiting(
            Class<E> type, String name, Function<? super E, ? extends Promise<?>> hook) {
        if (!AWAITABLE.contains(type)) {
            throw new IllegalArgumentException("nothing waits for hooks at this kind of event: " + type.getSimpleName());
        }
        hooks.addAwaited(type, requireNonNull(name, "name"), owner, requireNonNull(hook, "hook"));
        return this;
    }

    /// Removes the hooks of a name (Wookie's `remove-hook`).
    /// @param type the kind of event they were added for
    /// @param name their name
    /// @return this
    public WebApp removeHook(Class<? extends Event> type, String name) {
        hooks.remove(requireNonNull(type, "type"), requireNonNull(name, "name"));
        return this;
    }

    /// Removes all hooks at a kind of event, those of plugins too (Wookie's `clear-hooks`).
    /// @param type the kind of event
    /// @return this
    public WebApp clearHooks(Class<? extends Event> type) {
        hooks.removeAll(requireNonNull(type, "type"));
        return this;
    }

    // ---- plugins

    /// Installs plugins, each after those that it requires, whatever their order here (Wookie's `load-plugins`).
    /// @param added the plugins
    /// @return this
    /// @throws IllegalArgumentException if there is one of its class already, if it requires one that is neither installed nor
    ///     among these, or if they require each other; then none is installed
    public WebApp install(Plugin... added) {
        for (Plugin plugin : plugins.inOrder(List.of(added))) {
            plugins.add(plugin);
            Plugin outer = owner;
            owner = plugin;
            try {
                plugin.install(this);
            } catch (Throwable problem) {
                remove(plugin);
                throw problem;
            } finally {
                owner = outer;
            }
        }
        return this;
    }

    /// Uninstalls a plugin: the hooks, routes and bindings that it has added are gone; settings stay (Wookie's `unload-plugin`). Servers
    /// that run go on with it.
    /// @param type its class
    /// @return this
    /// @throws IllegalArgumentException if there is none
    /// @throws IllegalStateException if another plugin requires it
    public WebApp uninstall(Class<? extends Plugin> type) {
        plugins.check(requireNonNull(type, "type"));
        plugins.find(type).ifPresent(plugin -> {
            remove(plugin);
            plugin.uninstalled(this);
        });
        return this;
    }

    private void remove(Plugin plugin) {
        plugins.remove(plugin);
        hooks.removeAll(plugin);
        bindings.removeAll(plugin);
        phases.removeAll(plugin);
        pressures.removeAll(plugin);
        routes.removeIf(route -> routesOfPlugins.get(route) == plugin);
        routesOfPlugins.values().removeIf(each -> each == plugin);
    }

    /// {@return the plugin of a class, if it is installed}
    /// @param <P> its class
    /// @param type its class
    public <P extends Plugin> Optional<P> plugin(Class<P> type) {
        return plugins.find(requireNonNull(type, "type"));
    }

    /// {@return the plugins, each after those that it requires}
    public List<Plugin> plugins() {
        return plugins.all();
    }

    /// Binds `key` to `value` for all requests of this application: [Scope#get] finds it in handlers and hooks, and in the
    /// tasks that they submit.
    /// @param <T> the type of the value
    /// @param key the key
    /// @param value the value, which all loops share
    /// @return this
    public <T> WebApp bind(Key<T> key, T value) {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        bindings.add(owner, scope -> scope.with(key, value));
        return this;
    }

    // ---- phases

    /// Does something before this application answers anybody, behind what was added before: [#start] does it before it
    /// listens, [Server#replace] before this takes the place of another. What cannot answer says so here, by throwing.
    /// @param name what to call it in messages
    /// @param limit how long it may take
    /// @param phase what to do, under the scope of the server
    /// @return this
    /// @throws IllegalArgumentException if `limit` is not positive, or longer than a day
    public WebApp onStart(String name, Duration limit, Phase phase) {
        phases.atStart(owner, name, limit, phase);
        return this;
    }

    /// Does something when a server has given the last answer of this application, behind what was added before, and after the
    /// plugins have heard of it: the place to end a kernel. A start that fails does it, too.
    /// @param name what to call it in messages
    /// @param limit how long it may take; then it is interrupted, and the next one has its turn
    /// @param phase what to do, under the scope of the server; what it throws is reported
    /// @return this
    /// @throws IllegalArgumentException if `limit` is not positive, or longer than a day
    public WebApp onStop(String name, Duration limit, Phase phase) {
        phases.atStop(owner, name, limit, phase);
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

    /// Sets how many connections a server keeps. It is [Admission#standard] until then.
    /// @param admission the limits
    /// @return this
    public WebApp admission(Admission admission) {
        this.admission = requireNonNull(admission, "admission");
        return this;
    }

    /// Sets how much a server works on at once. It is [Capacity#standard] until then.
    /// @param capacity the limits
    /// @return this
    public WebApp capacity(Capacity capacity) {
        this.capacity = requireNonNull(capacity, "capacity");
        return this;
    }

    /// Refuses requests as long as a condition holds: 503, with the reason, as [Capacity] says.
    /// @param reason what the client is told
    /// @param condition asked on a loop, once in a millisecond at most, so it must not block; what it throws fails the request
    /// @return this
    public WebApp refuseWhile(String reason, BooleanSupplier condition) {
        pressures.add(owner, requireNonNull(reason, "reason"), requireNonNull(condition, "condition"));
        return this;
    }

    /// Refuses requests as long as more tasks wait for a worker of a kernel.
    /// @param kernel the kernel
    /// @param tasks how many may wait, 0 or more
    /// @return this
    /// @throws IllegalArgumentException if `tasks` is negative
    public WebApp refuseAbove(Kernel kernel, int tasks) {
        pressures.add(owner, kernel, tasks);
        return this;
    }

    /// Leaves less severe lines out of the log of this application, `dev.thrum.web.NAME`: [Server#logger]. All that the logger takes
    /// are in until then.
    /// @param least the level from which on they are in
    /// @return this
    public WebApp logLevel(System.Logger.Level least) {
        logLevel = requireNonNull(least, "least");
        return this;
    }

    /// Sets how many answers may fail before somebody hears of it. There is no such budget until then.
    /// @param budget the budget
    /// @return this
    public WebApp errorBudget(ErrorBudget budget) {
        errorBudget = Optional.of(budget);
        return this;
    }

    /// Sets what becomes of a path that has a slash too many or too few at its end. It is [TrailingSlash#DIFFERENT] until
    /// then.
    /// @param policy the policy; a redirection is a 308, with the query
    /// @return this
    public WebApp trailingSlash(TrailingSlash policy) {
        routes.trailingSlash(policy);
        return this;
    }

    /// Lets a POST request name another method for its route: `?_method=put`, `patch` or `delete`, in any case, since the
    /// forms of browsers know GET and POST only. [dev.thrum.http.Request#method] stays POST. Off until then: pages of other
    /// sites may send such a form, too. changed: Wookie follows it on GET requests, so that a link can delete.
    /// @return this
    public WebApp methodOverride() {
        methodOverride = true;
        return this;
    }

    // ---- running

    /// {@return the routes as they are now}
    public Routes<Handler> routes() {
        return routes.build();
    }

    /// Runs a snapshot of this application, with a loop of its own for each listener (Wookie's `start-server`, and the
    /// threads around it). Blocks until all of them listen. Routes in the shadow of others are logged as warnings.
    /// @param listeners where to listen, one at least
    /// @return the running server
    /// @throws IllegalArgumentException if there is no listener
    /// @throws UncheckedIOException if one of the addresses cannot be had; then none is
    /// @throws IllegalStateException if a phase of [#onStart] fails; then nothing runs
    /// @throws RuntimeException what a plugin throws from [Plugin#started]; then nothing runs
    public Server start(Listener... listeners) {
        if (listeners.length == 0) {
            throw new IllegalArgumentException("a server needs a listener, such as Listener.http(8000)");
        }
        return RunningServer.start(snapshot(), List.of(listeners));
    }

    Snapshot snapshot() {
        Routes<Handler> routes = routes();
        AppLog log = AppLog.of(name, logLevel);
        for (Routes.Shadow<Handler> shadow : routes.shadowed()) {
            log.log(WARNING, name + ": " + shadow);
        }
        return new Snapshot(
                name,
                routes,
                methodOverride,
                hooks.build(),
                limits,
                timeouts,
                admission,
                capacity,
                pressures.build(),
                plugins(),
                phases.build(),
                log,
                errorBudget,
                bindings.build());
    }
}
