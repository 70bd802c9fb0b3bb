package dev.thrum.verify.bench.server;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;

/// [VertxServer] as a verticle with several instances (`-Dbench.loops`), each with a loop of its own.
public final class VertxLoops extends VerticleBase {
    private final Hello hello;

    private VertxLoops(Hello hello) {
        this.hello = hello;
    }

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    public static void main(String[] arguments) {
        Hello hello = Hello.parse(arguments);
        int loops = Integer.getInteger("bench.loops", 1);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
        vertx.deployVerticle(() -> new VertxLoops(hello), new DeploymentOptions().setInstances(loops))
                .onFailure(failure -> {
                    System.err.println("cannot listen on port " + hello.port() + ": " + failure);
                    vertx.close();
                });
    }

    @Override
    public Future<?> start() {
        var options = new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(Hello.BACKLOG);
        return vertx.createHttpServer(options)
                .requestHandler(new VertxServer(hello, vertx)::handle)
                .exceptionHandler(failure -> System.err.println("connection closed: " + failure))
                .listen(hello.port(), Hello.HOST);
    }
}
