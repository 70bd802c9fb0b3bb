package dev.thrum.examples.originals;

import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Wookie, Threading, "Different apps, multiple ports".
///
/// Each application has routes, hooks and limits of its own. They share nothing, so setting them up needs no lock.
public final class DifferentApps {
    private DifferentApps() {}

    static List<Server> start(int firstPort, int secondPort) {
        var app1 = WebApp.create().named("app1");
        var visits = new AtomicInteger();
        app1.get("/", (request, response) -> response.send("Welcome to app1!!"))
                .get("/visits", (request, response) -> response.send("visit " + visits.incrementAndGet()));

        var app2 = WebApp.create().named("app2");
        app2.get("/", (request, response) -> response.send("This is app2."));

        return List.of(app1.start(Listener.http(firstPort)), app2.start(Listener.http(secondPort)));
    }

    /// Serves until it is stopped.
    /// @param args the two ports; 8000 and 8001 unless said otherwise
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] args) throws InterruptedException {
        List<Server> servers = args.length < 2
                ? start(8000, 8001)
                : start(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        for (Server server : servers) {
            IO.println(server);
        }
        for (Server server : servers) {
            server.join();
        }
    }
}
