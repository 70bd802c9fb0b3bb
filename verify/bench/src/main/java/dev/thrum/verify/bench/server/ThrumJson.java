package dev.thrum.verify.bench.server;

import dev.thrum.json.Json;
import dev.thrum.web.Event;
import dev.thrum.web.Listener;
import dev.thrum.web.WebApp;
import java.util.function.Consumer;

/// Thrum with its plugin for JSON: a record is written for each request.
public final class ThrumJson {

    private ThrumJson() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] arguments) throws InterruptedException {
        Hello hello = Hello.parse(arguments);
        Consumer<Object> hook = new Tally();
        WebApp app = WebApp.create()
                .install(Json.standard())
                .on(Event.PreRoute.class, event -> hook.accept(event.request()));
        for (String path : hello.paths()) {
            app.get(path, (_, response) -> response.send(Hello.BODY));
        }
        app.get("/json", (_, response) -> Json.send(response, Photo.make()));
        app.start(Listener.http(hello.port()).withHost(Hello.HOST).withBacklog(Hello.BACKLOG)).join();
    }
}
