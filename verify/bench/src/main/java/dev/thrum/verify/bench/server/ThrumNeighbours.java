package dev.thrum.verify.bench.server;

import static dev.thrum.verify.bench.server.Fib.fib;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Priority;
import dev.thrum.web.Handler;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.util.ArrayList;
import java.util.List;

/// Six applications with a loop each and one kernel in one process: three behave, one throws, one parks its loop, one floods its
/// category of the kernel.
public final class ThrumNeighbours {

    private static final int SHORT = 20; // some ten microseconds
    private static final int LONG = 27; // some hundreds of microseconds
    private static final int FLOOD = 200; // tasks for a request
    private static final int PARKED = 100; // ms

    private ThrumNeighbours() {}

    /// Serves until the process ends. The first application tells the ports of all under `/ports`, in the order above.
    /// @param arguments port of the first and a number that says nothing here
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] arguments) throws InterruptedException {
        Hello hello = Hello.parse(arguments);
        Kernel kernel = Kernel.start(2);
        List<Server> others = new ArrayList<>(List.of(
                start(quiet(kernel, "second"), 0),
                start(quiet(kernel, "third"), 0),
                start(WebApp.create().get("/", (_, _) -> {
                    throw new IllegalStateException("as always");
                }), 0),
                start(WebApp.create().get("/", (_, response) -> {
                    Thread.sleep(PARKED);
                    response.send("parked");
                }), 0),
                start(WebApp.create().get("/", (_, response) -> {
                    for (int i = 0; i < FLOOD; i++) {
                        kernel.in("flood").at(Priority.LOW).submit(() -> fib(LONG));
                    }
                    response.send("flooded");
                }), 0)));
        StringBuilder ports = new StringBuilder(Integer.toString(hello.port()));
        others.forEach(server -> ports.append(',').append(server.ports().getFirst()));
        start(quiet(kernel, "first").get("/ports", (_, response) -> response.send(ports.toString())), hello.port()).join();
    }

    private static WebApp quiet(Kernel kernel, String category) {
        return WebApp.create()
                .get(Hello.PATH, (_, response) -> response.send(Hello.BODY))
                .get("/work", Handler.on(kernel.in(category), (_, response) -> response.send(Long.toString(fib(SHORT)))));
    }

    private static Server start(WebApp app, int port) {
        return app.start(Listener.http(port).withHost(Hello.HOST));
    }
}
