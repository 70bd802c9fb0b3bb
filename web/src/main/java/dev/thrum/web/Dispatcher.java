package dev.thrum.web;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.thrum.http.Exchange;
import dev.thrum.http.HttpException;
import dev.thrum.http.Method;
import dev.thrum.http.Request;
import dev.thrum.http.Service;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.route.Routes;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.tls.TlsSocket;
import dev.thrum.web.Hooks.Hook;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes an exchange through the application: hooks, route, handler, hooks. One for each loop; that of the
/// first hears of the connections of all, for which it needs no state.
final class Dispatcher implements Service {
    private static final Set<String> OVERRIDES = Set.of("PUT", "PATCH", "DELETE");

    private final Snapshot app;
    private final Gate gate;
    private final Scope scope; // that requests are children of
    private final Consumer<Exchange> door;
    private final Consumer<Exchange> parsed = this::preRoute;
    private final Consumer<Exchange> routing = this::route;
    private final BiConsumer<Exchange, Throwable> told = this::failed;
    private final Consumer<Exchange> nobodyElse = this::notFound;
    private final Consumer<Exchange> answering = this::answering;
    private final Consumer<Exchange> finished = this::finished;
    private final Consumer<Exchange> vital; // when an answer of health is over

    /// @param door gets every exchange, and hands it to [#begin] when there is room for it
    Dispatcher(Snapshot app, Gate gate, Scope scope, Tally tally, Consumer<Exchange> door) {
        this.app = app;
        this.gate = gate;
        this.scope = scope;
        this.vital = tally::countUnready;
        this.door = door;
    }

    @Override
    public void serve(Exchange exchange) {
        door.accept(exchange);
    }

    /// {@return whether a request has to be answered whatever the load}
    boolean isVital(Exchange exchange) {
        Request request = exchange.request();
        return app.routes().find(method(request), request.host(), request.path()) instanceof Routes.Found<Handler> found
                && found.target() instanceof Vital;
    }

    void begin(Exchange exchange) {
        if (!app.hooks().responseStarted().isEmpty()) {
            exchange.onAnswer(answering);
        }
        if (!app.hooks().responseFinished().isEmpty()) {
            exchange.onFinished(finished);
        }
        if (!app.hooks().failed().isEmpty()) {
            exchange.onFailure(told);
        }
        if (!app.hooks().bodyChunk().isEmpty() || !app.hooks().bodyComplete().isEmpty()) {
            exchange.watchBody(new BodyHooks(app.hooks(), exchange.request()));
        }
        List<Hook<Event.HeadersParsed>> hooks = app.hooks().headersParsed();
        if (isMisdirected(exchange.request())) {
            exchange.fail(new HttpException(421, "this connection is for another host than the request"));
        } else if (hooks.isEmpty()) {
            preRoute(exchange);
        } else {
            HookRow.run(hooks, new Event.HeadersParsed(exchange.request()), exchange, parsed);
        }
    }

    private static boolean isMisdirected(Request request) {
        return request.socket() instanceof TlsSocket secure && !secure.isFor(request.host());
    }

    private void preRoute(Exchange exchange) {
        List<Hook<Event.PreRoute>> hooks = app.hooks().preRoute();
        if (hooks.isEmpty()) {
            route(exchange);
        } else {
            HookRow.run(hooks, new Event.PreRoute(exchange.request(), exchange.response()), exchange, routing);
        }
    }

    private void route(Exchange exchange) {
        Request request = exchange.request();
        Routes.Outcome<Handler> outcome = app.routes().find(method(request), request.host(), request.path());
        if (outcome instanceof Routes.Found<Handler> found) {
            handle(exchange, found);
        } else if (outcome instanceof Routes.NotAllowed<Handler>(var allowed)) {
            refuse(exchange, allowed);
        } else if (outcome instanceof Routes.Moved<Handler>(var path)) {
            move(exchange, path);
        } else {
            notFound(exchange);
        }
    }

    private Method method(Request request) {
        Method method = request.method();
        return app.methodOverride() && method.equals(Method.POST) ? overridden(request) : method;
    }

    private static Method overridden(Request request) {
        for (String part : request.query().orElse("").split("&", -1)) {
            if (part.startsWith("_method=")) {
                String name = part.substring(8).toUpperCase(Locale.ROOT);
                return OVERRIDES.contains(name) ? Method.of(name) : request.method();
            }
        }
        return request.method();
    }

    private void handle(Exchange exchange, Routes.Found<Handler> found) {
        List<Hook<Event.PostRoute>> hooks = app.hooks().postRoute();
        if (ask(exchange, found) && !hooks.isEmpty()) {
            Event.PostRoute event = new Event.PostRoute(exchange.request(), exchange.response());
            HookRow.run(hooks, event, exchange, done -> {});
        }
    }

    /// Has a handler answer, and the next one when it passes.
    /// @return false if it threw
    private boolean ask(Exchange exchange, Routes.Found<Handler> found) {
        exchange.parameters(found.parameters());
        if (found.next() instanceof Routes.Found<Handler> next) {
            exchange.onPass(later -> askNext(later, next));
        }
        if (found.target() instanceof Vital) {
            exchange.onFinished(vital);
        }
        try {
            found.target().handle(exchange.request(), exchange.response());
            exchange.handedOn();
            return true;
        } catch (Throwable problem) {
            exchange.fail(problem);
            return false;
        }
    }

    private void askNext(Exchange exchange, Routes.Found<Handler> found) {
        exchange.onPass(nobodyElse);
        ask(exchange, found);
    }

    // ---- answers of our own

    private void refuse(Exchange exchange, List<Method> allowed) {
        if (exchange.request().method().equals(Method.OPTIONS)) {
            exchange.response().status(204).header("Allow", list(allowed)).send();
        } else {
            exchange.fail(new HttpException(405, "this resource does not answer this method")
                    .withHeader("Allow", list(allowed)));
        }
    }

    private static void move(Exchange exchange, String path) {
        String query = exchange.request().query().map(text -> "?" + text).orElse("");
        exchange.response().redirect(308, Uris.encoded(path) + query);
    }

    private void notFound(Exchange exchange) {
        if (exchange.request().path().equals("*") && exchange.request().method().equals(Method.OPTIONS)) {
            exchange.response().status(204).send();
        } else {
            exchange.fail(notFound());
        }
    }

    private static HttpException notFound() {
        return new HttpException(404, "there is no such resource");
    }

    private static String list(List<Method> methods) {
        return methods.stream().map(Method::name).collect(joining(", "));
    }

    // ---- events

    private void failed(Exchange exchange, Throwable problem) {
        tell(app.hooks().failed(), new Event.Failed(exchange.request(), problem));
    }

    private void answering(Exchange exchange) {
        tell(app.hooks().responseStarted(), new Event.ResponseStarted(exchange.request(), exchange.response()));
    }

    private void finished(Exchange exchange) {
        tell(
                app.hooks().responseFinished(),
                new Event.ResponseFinished(exchange.request(), exchange.response(), !exchange.isAborted()));
    }

    /// Hears of a new connection.
    void connected(Socket socket) {
        if (!app.hooks().connected().isEmpty()) {
            here().run(() -> tell(app.hooks().connected(), new Event.Connected(socket)));
        }
    }

    @Override
    public void closed(Socket socket) {
        gate.leave(socket.remote());
        if (!app.hooks().disconnected().isEmpty()) {
            here().run(() -> tell(app.hooks().disconnected(), new Event.Disconnected(socket)));
        }
    }

    /// {@return the scope for what belongs to no request} A connection may outlast this version of the application, so that its
    /// own scope knows of none.
    private Scope here() {
        return scope.at(Home.current());
    }

    /// Runs all hooks; none can keep the others from running.
    private static <E extends Event> void tell(List<Hook<E>> hooks, E event) {
        for (Hook<E> hook : hooks) {
            try {
                @Nullable Promise<?> unawaited = hook.run(event);
                if (unawaited != null) {
                    throw new IllegalStateException("nothing waits here: " + requireNonNull(event));
                }
            } catch (Throwable problem) {
                Home.current().report(problem, Scope.current());
            }
        }
    }
}
