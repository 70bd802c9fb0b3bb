package dev.thrum.cli;

import static java.util.stream.Collectors.joining;

import dev.thrum.route.Route;
import dev.thrum.route.Routes;
import dev.thrum.web.Application;
import dev.thrum.web.Handler;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// The routes of the applications that are there.
/// @param applications what may be looked at
record RouteList(List<Application> applications) {

    /// {@return what the class path and the module path offer}
    static RouteList load() {
        return new RouteList(
                ServiceLoader.load(Application.class).stream().map(ServiceLoader.Provider::get).toList());
    }

    Optional<Application> find(String name) {
        return applications.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /// {@return the names, to choose from}
    String names() {
        return applications.stream().map(Application::name).sorted().collect(joining(", "));
    }

    /// {@return a line for each route, in the order in which they are asked}
    static String text(Application application) throws IOException {
        Routes<Handler> routes = application.routes();
        var shadows = new IdentityHashMap<Route<Handler>, Route<Handler>>();
        routes.shadowed().forEach(shadow -> shadows.put(shadow.route(), shadow.by()));
        List<Route<Handler>> ranked = routes.ranked();
        var text = new StringBuilder(
                "%s: %d routes, in the order in which they are asked%n".formatted(application.name(), ranked.size()));
        for (Route<Handler> route : ranked) {
            text.append("  ").append(route);
            Route<Handler> by = shadows.get(route);
            if (by != null) {
                text.append("  <- never asked unless ").append(by).append(" passes");
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }
}
