package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Method;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.system.Disk;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Writes a line for each request that is over, as the combined format of other servers, or as JSON.
///
/// ```java
/// app.install(AccessLog.to(Path.of("access.log")).inJson());
/// ```
///
/// Lines are gathered and written on the lane of [Disk#shared], many at once; nobody waits for the disk. When it falls behind by
/// more than a mebibyte, lines are dropped, counted ([#dropped]), and missed in the log by their number. The file is opened for each
/// write, so it may be moved away at any time. Nothing that a client sends can begin another line. Credentials, cookies and
/// bodies are never written, and queries only when [#withQuery] says so, since they may be secret.
///
/// **Threads.** Any; nothing blocks, but the end of a server, which waits five seconds at most for its last lines.
/// **Failure.** A disk that does not take the lines is reported, and the lines count as dropped.
public final class AccessLog implements Plugin {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Key<Seen> SEEN = Key.of("access log");

    private final Config config;
    private final LogLines lines;

    private record Config(Path file, boolean json, boolean query) {}

    /// What is remembered of a request until it is over, since its head is gone then.
    private static final class Seen {
        final long nanos = Home.current().nanoTime();
        final String target;
        final String agent;
        final String referrer;
        final String client;
        long length = -1; // loop thread only, like all of it

        Seen(String target, String agent, String referrer, String client) {
            this.target = target;
            this.agent = agent;
            this.referrer = referrer;
            this.client = client;
        }

        String length() {
            return length < 0 ? "-" : Long.toString(length);
        }
    }

    private AccessLog(Config config) {
        this.config = config;
        this.lines = new LogLines(config.file, Disk.shared(), config.json);
    }

    /// {@return the plugin, which writes the combined format}
    /// @param file is appended to; made if there is none
    public static AccessLog to(Path file) {
        return new AccessLog(new Config(requireNonNull(file, "file"), false, false));
    }

    /// {@return this, which writes an object in JSON on each line}
    public AccessLog inJson() {
        return new AccessLog(new Config(config.file, true, config.query));
    }

    /// {@return this, which writes queries, too}
    public AccessLog withQuery() {
        return new AccessLog(new Config(config.file, config.json, true));
    }

    /// {@return how many lines were dropped}
    public long dropped() {
        return lines.dropped();
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.on(Event.HeadersParsed.class, "access log", event -> event.request().put(SEEN, seen(event.request())))
                .on(Event.ResponseStarted.class, "access log", event -> count(event.request(), event.response()))
                .on(Event.ResponseFinished.class, "access log", event -> {
                    Seen seen = event.request().get(SEEN).orElse(null);
                    if (seen != null) {
                        lines.add(line(seen, event.request(), event.response(), event.whole()));
                    }
                });
    }

    @Override
    public void stopped(Server server) {
        lines.await(PATIENCE);
    }

    private Seen seen(Request request) {
        String query = config.query ? request.query().map(text -> "?" + text).orElse("") : "";
        return new Seen(
                request.path() + query,
                request.header("User-Agent").orElse("-"),
                request.header("Referer").map(this::withoutQuery).orElse("-"),
                TrustedProxies.client(request));
    }

    /// {@return what is remembered of a request that a hook has answered before ours saw it}
    private Seen late(Request request) {
        Seen seen = seen(request);
        request.put(SEEN, seen);
        return seen;
    }

    /// Sees how long the body is: as it was announced, else as it goes by.
    private void count(Request request, Response response) {
        Seen seen = request.get(SEEN).orElseGet(() -> late(request));
        Optional<String> announced = response.header("Content-Length");
        if (announced.isPresent() || request.method().equals(Method.HEAD)) {
            seen.length = announced.map(Long::parseLong).orElse(0L);
            return;
        }
        seen.length = 0;
        response.filter((bytes, last) -> {
            seen.length += bytes.remaining();
            return bytes;
        });
    }

    private String withoutQuery(String uri) {
        return config.query ? uri : uri.split("\\?", 2)[0];
    }

    private String line(Seen seen, Request request, Response response, boolean whole) {
        long micros = (Home.current().nanoTime() - seen.nanos) / 1_000;
        String user = User.of(request).map(User::name).orElse("-");
        return config.json
                ? json(seen, request, response, user, micros, whole)
                : LogLines.escaped(seen.client) + " - " + LogLines.escaped(user).replace(' ', '_') + ' '
                        + LogLines.commonDate(Instant.now()) + " \"" + request.method().name() + ' '
                        + LogLines.escaped(seen.target) + " HTTP/1.1\" " + (whole ? response.status() : 499) + ' ' + seen.length()
                        + " \"" + LogLines.escaped(seen.referrer) + "\" \"" + LogLines.escaped(seen.agent) + "\"\n";
    }

    private static String json(Seen seen, Request request, Response response, String user, long micros, boolean whole) {
        var json = new StringBuilder("{\"time\":\"").append(Instant.now()).append('"');
        text(json, "client", seen.client);
        text(json, "user", user);
        text(json, "method", request.method().name());
        text(json, "target", seen.target);
        json.append(",\"status\":").append(response.status());
        if (seen.length >= 0) {
            json.append(",\"bytes\":").append(seen.length);
        }
        json.append(",\"micros\":").append(micros).append(",\"whole\":").append(whole);
        text(json, "referrer", seen.referrer);
        text(json, "agent", seen.agent);
        return json.append("}\n").toString();
    }

    private static void text(StringBuilder json, String name, String value) {
        if (!value.equals("-")) {
            json.append(",\"").append(name).append("\":");
            JsonText.quote(json, value);
        }
    }

}
