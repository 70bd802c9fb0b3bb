package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.thrum.http.HttpException;
import dev.thrum.http.Method;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Packs answers for clients that accept it, and unpacks what they send, by `gzip` and `deflate`, and by what [#with] adds.
///
/// ```java
/// app.install(Compression.standard());
/// ```
///
/// Answers of types that gain from it are packed: texts, scripts, JSON, XML and their like, unless a handler has set a
/// `Content-Encoding`, or `Cache-Control: no-transform`, or sends a part, or it is known that there is less than 1 KiB to send. Their
/// tag becomes a weak one, and `Vary` says what they depend on.
///
/// **What is secret.** Where a page repeats what somebody else can choose, beside a secret, such as a token against forged requests, the
/// packed length tells whether the two are alike, and who sees the lengths of many guesses learns the secret letter by letter (BREACH),
/// through TLS as well. Send such a page with `Cache-Control: no-transform`, or leave the secret out of it: a
/// [CrossSiteGuard] needs no token, and cookies are not packed.
///
/// Whoever reads the body of a request gets it unpacked. **Limits:** those of [dev.thrum.http.Limits] count the unpacked bytes, while
/// they are made; and once there are a mebibyte of them, they may be 200 times what came: 413, whatever the coding. Another coding, or
/// several, is a 415; what is not well packed, or not whole, a 400.
///
/// **Threads.** Packs and unpacks on the loop, piece by piece. A whole answer is packed at once, some 10 ms for each mebibyte, so a
/// very large one is better streamed. Each loop keeps what it has packed with outside of the heap, for 16 answers at once, until it
/// ends; what more there is goes with its answer. Immutable.
public final class Compression implements Plugin {
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
    private final List<ContentCoding> added; // the one that is preferred first
    private final List<ContentCoding> codings;

    private record Config(int level, int ratio, int minimum) {}

    private Compression(Config config, List<ContentCoding> added) {
        this.config = config;
        this.added = added;
        List<ContentCoding> all = new ArrayList<>(added);
        all.add(new DeflateCoding(true, config.level));
        all.add(new DeflateCoding(false, config.level));
        this.codings = List.copyOf(all);
    }

    /// {@return the plugin, fast rather than thorough}
    public static Compression standard() {
        return new Compression(new Config(1, 200, 1 << 10), List.of());
    }

    /// {@return this with another balance of `gzip` and `deflate`}
    /// @param level 1 is fast, 9 is thorough
    /// @throws IllegalArgumentException if `level` is not within 1..9
    public Compression withLevel(int level) {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level must be 1..9: " + level);
        }
        return new Compression(new Config(level, config.ratio, config.minimum), added);
    }

    /// {@return this with another limit for what requests may be unpacked to}
    /// @param times as many bytes as came, 1 or more; 1,032 is what `gzip` and `deflate` can do
    /// @throws IllegalArgumentException if `times` is not positive
    public Compression withRatio(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("ratio must be 1 or more: " + times);
        }
        return new Compression(new Config(config.level, times, config.minimum), added);
    }

    /// {@return this with another length from which on answers are packed}
    /// @param bytes 0 or more; what is streamed without a `Content-Length` is always packed
    /// @throws IllegalArgumentException if `bytes` is negative
    public Compression withMinimum(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("minimum must be 0 or more: " + bytes);
        }
        return new Compression(new Config(config.level, config.ratio, bytes), added);
    }

    /// {@return this with a coding more, which is preferred to the others where a client accepts both alike}
    /// @param coding how to pack and unpack
    /// @throws IllegalArgumentException if there is a coding of this name
    public Compression with(ContentCoding coding) {
        if (find(requireNonNull(coding, "coding").token()).isPresent()) {
            throw new IllegalArgumentException("a coding is there once: " + coding.token());
        }
        List<ContentCoding> more = new ArrayList<>(List.of(coding));
        more.addAll(added);
        return new Compression(config, more);
    }

    /// {@return the names of the codings, the one that is preferred first}
    public List<String> codings() {
        return codings.stream().map(ContentCoding::token).toList();
    }

    private Optional<ContentCoding> find(String token) {
        return codings.stream().filter(coding -> coding.token().equals(token)).findFirst();
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
        String token = String.join(",", request.headers().all("Content-Encoding")).strip().toLowerCase(Locale.ROOT);
        if (token.isEmpty() || token.equals("identity")) {
            return;
        }
        ContentCoding coding = find(token.equals("x-gzip") ? "gzip" : token).orElseThrow(this::unknown);
        ContentCoding.Unpacking unpacking = coding.unpacking();
        request.onFinished(unpacking::close);
        request.decode(new UnpackedBody(unpacking, config.ratio));
    }

    private HttpException unknown() {
        return new HttpException(415, "a body is packed by " + codings().stream().collect(joining(" or ")) + ", once")
                .withHeader("Accept-Encoding", String.join(", ", codings()));
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
        ContentCoding coding = accepted.best(codings).orElse(null);
        if (coding == null || request.method().equals(Method.HEAD)) {
            return;
        }
        ContentCoding.Packing packing = coding.packing();
        request.onFinished(packing::close);
        response.header("Content-Encoding", coding.token()).filter(packing);
        response.header("ETag").filter(tag -> !tag.startsWith("W/")).ifPresent(tag -> response.header("ETag", "W/" + tag));
    }

    private boolean isPackable(Response response) {
        return !BODILESS.contains(response.status())
                && response.header("Content-Encoding").isEmpty()
                && !response.header("Cache-Control").orElse("").contains("no-transform")
                && response.length().orElse(Long.MAX_VALUE) >= config.minimum
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
