package dev.thrum.verify.bench.micro;

import dev.thrum.route.Route;
import dev.thrum.route.Routes;

/// Ten routes of each shape.
public class TenRouteFind extends RouteFind {
    private Routes<String> routes = Routes.<String>builder().build();

    @Override
    protected int count() {
        return 10;
    }

    @Override
    protected final void prepare() {
        Routes.Builder<String> builder = Routes.builder();
        for (int i = 0; i < count(); i++) {
            builder.add(Route.of(method(), "/r" + i + "/photos", "exact"))
                    .add(Route.of(method(), "/r" + i + "/photos/{id:int}/{size}", "template"));
        }
        routes = builder.build();
    }

    @Override
    protected final Object find(String path) {
        return routes.find(method(), "localhost", path);
    }
}
