package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.ManualLoop;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A client on a wire that ends in a service, with time standing still.
final class Wire implements AutoCloseable {
    static final String HOST = "Host: here\r\n";

    private long now = 1;
    final List<Throwable> reported = new ArrayList<>();
    final ManualLoop loop = EventLoop.manual(
            LoopConfig.named("wire").withOnError(reported::add), () -> now);
    final Http1 http;
    FakeSocket socket;

    Wire(Service service) {
        this(Limits.standard(), Timeouts.standard(), service);
    }

    Wire(Limits limits, Timeouts timeouts, Service service) {
        http = Http1.on(loop, limits, timeouts, service, () -> Instant.ofEpochSecond(784_111_777));
        socket = connect();
    }

    /// A new connection takes the place of the old one.
    FakeSocket connect() {
        socket = new FakeSocket(loop);
        loop.runHere(() -> http.serve(socket));
        return socket;
    }

    /// A wire that ends in an echo: what was understood of the request comes back as text.
    static Wire echo() {
        return new Wire(Wire::echo);
    }

    static void echo(Exchange exchange) {
        Request request = exchange.request();
        var text = new StringBuilder()
                .append(request.method())
                .append(' ')
                .append(request.path())
                .append(' ')
                .append(request.query().orElse("-"))
                .append(' ')
                .append(request.host())
                .append(" 1.")
                .append(exchange.minorVersion())
                .append('\n');
        request.headers().forEach((name, value) ->
                text.append(name).append('=').append(value).append('\n'));
        exchange.response().send(request.bytes().map(body -> text + new String(body, ISO_8859_1)));
    }

    Wire send(String bytes) {
        socket.feed(bytes.getBytes(ISO_8859_1));
        return this;
    }

    Wire sendByteByByte(String bytes) {
        bytes.chars().forEach(c -> socket.feed(new byte[] {(byte) c}));
        return this;
    }

    String received() {
        return new String(socket.sent(), ISO_8859_1);
    }

    /// {@return what came since the last call}
    String answer() {
        String all = received();
        socket.forgetSent();
        return all;
    }

    /// {@return the status of the first answer, 0 if there is none}
    int status() {
        String all = received();
        return all.startsWith("HTTP/1.1 ") ? Integer.parseInt(all.substring(9, 12)) : 0;
    }

    /// {@return what follows the head of the first answer}
    String body() {
        String all = received();
        return all.substring(all.indexOf("\r\n\r\n") + 4);
    }

    void advance(Duration time) {
        now += time.toNanos();
        socket.pump();
    }

    /// Runs `action` as a callback of the loop, and what follows from it.
    void later(Runnable action) {
        loop.runHere(action);
        socket.pump();
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    static String post(String body) {
        return "POST / HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Override
    public void close() {
        loop.close();
    }
}
