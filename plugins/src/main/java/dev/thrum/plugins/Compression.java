package dev.thrum.plugins;

import dev.thrum.http.HttpException;
import dev.thrum.http.Method;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Packs answers for clients that accept it, and unpacks what they send, by `gzip` and `deflate`.
///
/// ```java
/// app.install(Compression.standard());
/// ```
///
/// Answers of types that gain from it are packed: texts, scripts, JSON, XML and their like, unless a handler has set a
/// `Content-Encoding`, or `Cache-Control: no-transform`, or a length below 1 KiB, or sends a part. Their tag becomes a weak one, and
/// `Vary` says what they depend on. A page that shows a secret beside what an attacker can choose should not be packed (BREACH).
///
/// Whoever reads the body of a request gets it unpacked. **Limits:** those of [dev.thrum.http.Limits] count the unpacked bytes, while
/// they are made; and once there are a mebibyte of them, they may be 200 times what came: 413. Another coding, or several, is a 415; what
/// is not well packed, or not whole, a 400.
///
/// **Threads.** Packs and unpacks on the loop, piece by piece. A whole answer is packed at once, some 10 ms for each mebibyte, so a
/// very large one is better streamed. Immutable.
public final class Compression implements Plugin {
    private static final List<Coding> OFFERED = List.of(Coding.GZIP, Coding.DEFLATE);
    private static final int SMALL = 1 << 10;
    private static final Set<String> PACKABLE = Set.of(
            "application/json",
            "application/javascript",
            "application/xml",
            "application/wasm",
            "application/yaml",
            "image/svg+xml",
            "image/bmp",
            "image/vnd.microsoft.icon",
            "font/ttf",
            "font/otf");
    private static final Set<Integer> BODILESS = Set.of(204, 205, 206, 304);

    private final Config config;

    private record Config(int level, int ratio) {}

    private Compression(Config config) {
        this.config = config;
    }

    /// {@return the plugin, fast rather than thorough}
    public static Compression standard() {
        return new Compression(new Config(1, 200));
    }

    /// {@return this with another balance}
    /// @param level 1 is fast, 9 is thorough
    /// @throws IllegalArgumentException if `level` is not within 1..9
    public Compression withLevel(int level) {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level must be 1..9: " + level);
        }
        return new Compression(new Config(level, config.ratio));
    }

    /// {@return this with another limit for what requests may be unpacked to}
    /// @param times as many bytes as came, 1 or more; 1,032 is what the format can do
    /// @throws IllegalArgumentException if `times` is not positive
    public Compression withRatio(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("ratio must be 1 or more: " + times);
        }
        return new Compression(new Config(config.level, times));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.on(Event.HeadersParsed.class, "compression", event -> unpack(event.request()))
                .on(Event.ResponseStarted.class, "compression", event -> pack(event.request(), event.response()));
    }

    // ---- requests

    private void unpack(Request request) {
        if (!request.headers().has("Content-Encoding")) {
            return;
        }
        String coding = String.join(",", request.headers().all("Content-Encoding")).strip().toLowerCase(Locale.ROOT);
        switch (coding) {
            case "", "identity" -> {}
            case "gzip", "x-gzip" -> decode(request, new Inflation(true, config.ratio));
            case "deflate" -> decode(request, new Inflation(false, config.ratio));
            default ->
                throw new HttpException(415, "a body is packed by gzip or deflate, once")
                        .withHeader("Accept-Encoding", "gzip, deflate");
        }
    }

    private static void decode(Request request, Inflation inflation) {
        request.onFinished(inflation::close);
        request.decode(inflation);
    }

    // ---- answers

    private void pack(Request request, Response response) {
        if (!isPackable(response)) {
            return;
        }
        response.addHeader("Vary", "Accept-Encoding");
        AcceptedCodings accepted = AcceptedCodings.of(request.headers().has("Accept-Encoding")
                ? Optional.of(String.join(",", request.headers().all("Accept-Encoding")))
                : Optional.empty());
        Coding coding = accepted.best(OFFERED).orElse(null);
        if (coding == null || request.method().equals(Method.HEAD)) {
            return;
        }
        Deflation deflation = new Deflation(coding == Coding.GZIP, config.level);
        request.onFinished(deflation::close);
        response.header("Content-Encoding", coding.token()).filter(deflation);
        response.header("ETag").filter(tag -> !tag.startsWith("W/")).ifPresent(tag -> response.header("ETag", "W/" + tag));
    }

    private static boolean isPackable(Response response) {
        return !BODILESS.contains(response.status())
                && response.header("Content-Encoding").isEmpty()
                && !response.header("Cache-Control").orElse("").contains("no-transform")
                && response.header("Content-Length").map(Long::parseLong).filter(length -> length < SMALL).isEmpty()
                && response.header("Content-Type").map(MediaType::parse).map(Compression::isPackable).orElse(true);
    }

    private static boolean isPackable(MediaType type) {
        String essence = type.essence();
        return essence.startsWith("text/")
                || essence.endsWith("+json")
                || essence.endsWith("+xml")
                || PACKABLE.contains(essence);
    }
}
