package dev.thrum.verify.bench.server;

import dev.thrum.web.Event;
import dev.thrum.web.Listener;
import dev.thrum.web.WebApp;
import java.util.function.Consumer;

/// Thrum as it comes: its own router, one hook, all limits and time-outs.
public final class ThrumServer {

    private ThrumServer() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] arguments) throws InterruptedException {
        Hello hello = Hello.parse(arguments);
        Consumer<Object> hook = new Tally();
        WebApp app = WebApp.create().on(Event.PreRoute.class, event -> hook.accept(event.request()));
        for (String path : hello.paths()) {
            app.get(path, (_, response) -> response.send(Hello.BODY));
        }
        app.start(Listener.http(hello.port()).withHost(Hello.HOST).withBacklog(Hello.BACKLOG)).join();
    }
}
