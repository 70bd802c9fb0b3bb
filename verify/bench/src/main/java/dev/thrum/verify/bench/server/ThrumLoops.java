package dev.thrum.verify.bench.server;

import dev.thrum.loop.LoopLocal;
import dev.thrum.web.Event;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.util.stream.IntStream;

/// [ThrumServer] on several loops (`-Dbench.loops`), or on as many ports in a row (`-Dbench.ports`).
public final class ThrumLoops {

    private ThrumLoops() {}

    /// Serves until the process ends.
    /// @param arguments the first port and the number of routes
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] arguments) throws InterruptedException {
        Hello hello = Hello.parse(arguments);
        LoopLocal<Tally> hooks = LoopLocal.of(Tally::new);
        WebApp app = WebApp.create().on(Event.PreRoute.class, event -> hooks.get().accept(event.request()));
        for (String path : hello.paths()) {
            app.get(path, (_, response) -> response.send(Hello.BODY));
        }
        Server server = app.start(IntStream.range(0, Integer.getInteger("bench.ports", 1))
                .mapToObj(i -> Listener.http(hello.port() + i)
                        .withHost(Hello.HOST)
                        .withBacklog(Hello.BACKLOG)
                        .withLoops(Integer.getInteger("bench.loops", 1)))
                .toArray(Listener[]::new));
        server.join();
    }
}
