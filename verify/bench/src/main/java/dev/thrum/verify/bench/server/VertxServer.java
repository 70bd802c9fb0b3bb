package dev.thrum.verify.bench.server;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Vert.x without its router: a hash table of routes, as [NettyServer] has.
public final class VertxServer {

    private final Map<String, Handler<HttpServerRequest>> routes = new HashMap<>();
    private final Consumer<Object> hook = new Tally();
    private final VertxAnswer answer;

    VertxServer(Hello hello, Vertx vertx) {
        answer = new VertxAnswer(vertx);
        hello.paths().forEach(path -> routes.put(path, request -> answer.plaintext(request.response())));
    }

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    public static void main(String[] arguments) {
        Hello hello = Hello.parse(arguments);
        Vertx vertx = vertx();
        listen(vertx, hello, new VertxServer(hello, vertx)::handle);
    }

    void handle(HttpServerRequest request) {
        hook.accept(request);
        var route = routes.get(request.path());
        if (route == null) {
            request.response().setStatusCode(404).end();
        } else {
            route.handle(request);
        }
    }

    static Vertx vertx() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    }

    static void listen(Vertx vertx, Hello hello, Handler<HttpServerRequest> handler) {
        var options = new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(Hello.BACKLOG);
        vertx.createHttpServer(options)
                .requestHandler(handler)
                .exceptionHandler(failure -> System.err.println("connection closed: " + failure))
                .listen(hello.port(), Hello.HOST)
                .onFailure(failure -> {
                    System.err.println("cannot listen on port " + hello.port() + ": " + failure);
                    vertx.close();
                });
    }

    /// The answer that both Vert.x peers give, with a date renewed once a second.
    static final class VertxAnswer {
        private static final CharSequence TEXT_PLAIN = HttpHeaders.createOptimized("text/plain");

        private final Buffer body = Buffer.buffer(Hello.BODY);
        private final CharSequence length = HttpHeaders.createOptimized(Integer.toString(Hello.BODY.length()));
        private CharSequence date = HttpHeaders.createOptimized(HttpDate.now());

        VertxAnswer(Vertx vertx) {
            vertx.setPeriodic(1000, timer -> date = HttpHeaders.createOptimized(HttpDate.now()));
        }

        void date(HttpServerResponse response) {
            response.headers().add(HttpHeaders.DATE, date);
        }

        void plaintext(HttpServerResponse response) {
            response.headers()
                    .add(HttpHeaders.CONTENT_TYPE, TEXT_PLAIN)
                    .add(HttpHeaders.CONTENT_LENGTH, length)
                    .add(HttpHeaders.DATE, date);
            response.end(body);
        }
    }
}
