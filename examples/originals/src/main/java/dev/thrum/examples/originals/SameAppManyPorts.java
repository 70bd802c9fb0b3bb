package dev.thrum.examples.originals;

import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.util.stream.IntStream;

/// Wookie, Threading, "Same app, multiple ports".
///
/// All loops read one snapshot of the application. Nobody has to remember not to change it: it cannot be changed.
public final class SameAppManyPorts {
    private SameAppManyPorts() {}

    static Server start(int firstPort) {
        var app = WebApp.create()
                .get("/", (request, response) -> response.send("Welcome to my homepage!"));

        return app.start(IntStream.range(0, 4)
                .mapToObj(i -> Listener.http(firstPort == 0 ? 0 : firstPort + i))
                .toArray(Listener[]::new));
    }

    /// Serves until it is stopped.
    /// @param args the first of four ports; 8000 unless said otherwise
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] args) throws InterruptedException {
        Server server = start(args.length == 0 ? 8000 : Integer.parseInt(args[0]));
        IO.println("listening on " + server.ports());
        server.join();
    }
}
