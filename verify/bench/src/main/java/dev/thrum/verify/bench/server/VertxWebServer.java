package dev.thrum.verify.bench.server;

import dev.thrum.verify.bench.server.VertxServer.VertxAnswer;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/// Vert.x with its own router, vertx-web.
public final class VertxWebServer {

    private final Consumer<Object> hook = new Tally();

    private VertxWebServer() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    public static void main(String[] arguments) {
        Hello hello = Hello.parse(arguments);
        Vertx vertx = VertxServer.vertx();
        VertxServer.listen(vertx, hello, new VertxWebServer().router(hello, vertx));
    }

    private Router router(Hello hello, Vertx vertx) {
        var answer = new VertxAnswer(vertx);
        Router router = Router.router(vertx);
        router.route().handler(this::hook);
        hello.paths()
                .forEach(path -> router.get(path).handler(context -> answer.plaintext(context.response())));
        return router;
    }

    private void hook(RoutingContext context) {
        hook.accept(context.request());
        context.next();
    }
}
