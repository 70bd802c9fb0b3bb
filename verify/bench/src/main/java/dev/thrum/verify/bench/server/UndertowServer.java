package dev.thrum.verify.bench.server;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RoutingHandler;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.xnio.Options;

/// Undertow: one loop, its own router, handlers that run on the loop.
public final class UndertowServer {
    private static final byte[] BODY = Hello.body();

    private UndertowServer() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    public static void main(String[] arguments) {
        Hello hello = Hello.parse(arguments);
        Consumer<Object> hook = new Tally();
        RoutingHandler routes = Handlers.routing();
        hello.paths().forEach(path -> routes.get(path, UndertowServer::plaintext));
        Undertow.builder()
                .addHttpListener(hello.port(), Hello.HOST)
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setServerOption(UndertowOptions.ALWAYS_SET_DATE, true)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setSocketOption(Options.BACKLOG, Hello.BACKLOG)
                .setHandler(exchange -> {
                    hook.accept(exchange);
                    routes.handleRequest(exchange);
                })
                .build()
                .start();
    }

    private static void plaintext(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send(ByteBuffer.wrap(BODY));
    }
}
