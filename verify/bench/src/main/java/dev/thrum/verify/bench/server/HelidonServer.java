package dev.thrum.verify.bench.server;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.concurrent.atomic.LongAdder;

/// Helidon: a virtual thread for each connection, its own router.
public final class HelidonServer {
    private final LongAdder requests = new LongAdder();
    private final byte[] body = Hello.body();

    private HelidonServer() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    public static void main(String[] arguments) {
        Hello hello = Hello.parse(arguments);
        var server = new HelidonServer();
        WebServer.builder()
                .host(Hello.HOST)
                .port(hello.port())
                .backlog(Hello.BACKLOG)
                .routing(routing -> server.route(hello, routing))
                .build()
                .start();
    }

    private void route(Hello hello, HttpRouting.Builder routing) {
        routing.addFilter((chain, request, response) -> {
            requests.increment();
            chain.proceed();
        });
        hello.paths().forEach(path -> routing.get(path, this::plaintext));
    }

    private void plaintext(ServerRequest request, ServerResponse response) {
        response.header(HeaderValues.CONTENT_TYPE_TEXT_PLAIN);
        response.send(body);
    }
}
