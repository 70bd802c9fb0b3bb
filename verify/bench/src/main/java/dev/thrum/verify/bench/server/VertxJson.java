package dev.thrum.verify.bench.server;

import dev.thrum.verify.bench.server.VertxServer.VertxAnswer;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.function.Consumer;

/// Vert.x-Web: a record is written for each request, by Jackson as well.
public final class VertxJson {

    private VertxJson() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    public static void main(String[] arguments) {
        Hello hello = Hello.parse(arguments);
        Vertx vertx = VertxServer.vertx();
        var answer = new VertxAnswer(vertx);
        Consumer<Object> hook = new Tally();
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            hook.accept(context.request());
            context.next();
        });
        hello.paths()
                .forEach(path -> router.get(path).handler(context -> answer.plaintext(context.response())));
        router.get("/json").handler(context -> {
            answer.date(context.response());
            context.json(Photo.make());
        });
        VertxServer.listen(vertx, hello, router);
    }
}
