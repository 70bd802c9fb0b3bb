package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Method;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Lets the scripts of other sites read the answers (CORS, WHATWG Fetch §3.3).
///
/// ```java
/// app.install(Cors.of("https://app.example.org").withMethods(Method.GET, Method.PUT).withCredentials());
/// ```
///
/// Preflight requests are answered before a route is looked for. Answers that depend on the origin say so (`Vary`), so that no
/// cache gives the answer for one site to another; an origin is never repeated that is not on the list. This protects
/// nothing: a browser sends simple requests, and keeps the answer from the script. [CrossSiteGuard] refuses the requests.
///
/// **Threads.** Immutable.
public final class Cors implements Plugin {
    private static final String ORIGIN = "Access-Control-Allow-Origin";

    private final Config config;

    private record Config(
            Set<String> origins, // empty: any
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            boolean credentials,
            Duration maxAge) {}

    private Cors(Config config) {
        this.config = config;
    }

    /// {@return the plugin, for simple methods, without credentials, preflights kept for ten minutes}
    /// @param origin such as `https://app.example.org`
    /// @param more others
    /// @throws IllegalArgumentException if one is not an origin
    public static Cors of(String origin, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = requireNonNull(origin, "origin");
        System.arraycopy(more, 0, all, 1, more.length);
        return standard(Origins.of(all));
    }

    /// {@return the plugin for everybody: for what is public, since it cannot be read with credentials}
    public static Cors anyOrigin() {
        return standard(Set.of());
    }

    private static Cors standard(Set<String> origins) {
        List<String> methods = List.of("GET", "HEAD", "POST");
        return new Cors(new Config(origins, methods, List.of("Content-Type"), List.of(), false, Duration.ofMinutes(10)));
    }

    /// {@return this for other methods}
    /// @param methods the methods
    public Cors withMethods(Method... methods) {
        List<String> names = List.of(methods).stream().map(Method::name).toList();
        Config c = config;
        return new Cors(new Config(c.origins, names, c.headers, c.exposed, c.credentials, c.maxAge));
    }

    /// {@return this with other header fields that scripts may send}
    /// @param names their names
    /// @throws IllegalArgumentException if one is no token
    public Cors withHeaders(String... names) {
        Config c = config;
        return new Cors(new Config(c.origins, c.methods, tokens(names), c.exposed, c.credentials, c.maxAge));
    }

    /// {@return this with header fields that scripts may read, besides the usual ones}
    /// @param names their names
    /// @throws IllegalArgumentException if one is no token
    public Cors withExposed(String... names) {
        Config c = config;
        return new Cors(new Config(c.origins, c.methods, c.headers, tokens(names), c.credentials, c.maxAge));
    }

    /// {@return this with cookies and other credentials}
    /// @throws IllegalStateException if it is for any origin: then every site could act for a user who is logged in
    public Cors withCredentials() {
        Config c = config;
        if (c.origins.isEmpty()) {
            throw new IllegalStateException("credentials are for origins that are named: Cors.of(origin)");
        }
        return new Cors(new Config(c.origins, c.methods, c.headers, c.exposed, true, c.maxAge));
    }

    /// {@return this with another time for which browsers keep the answer to a preflight}
    /// @param age how long
    /// @throws IllegalArgumentException if `age` is negative
    public Cors withMaxAge(Duration age) {
        if (requireNonNull(age, "age").isNegative()) {
            throw new IllegalArgumentException("age must not be negative: " + age);
        }
        Config c = config;
        return new Cors(new Config(c.origins, c.methods, c.headers, c.exposed, c.credentials, age));
    }

    private static List<String> tokens(String... names) {
        for (String name : names) {
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                throw new IllegalArgumentException("the name of a header field is a token: " + name);
            }
        }
        return List.of(names);
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.on(Event.PreRoute.class, "cors", event -> {
            if (isPreflight(event.request()) && isAllowed(event.request())) {
                answerPreflight(event.response());
            }
        });
        app.on(Event.ResponseStarted.class, "cors", event -> allow(event.request(), event.response())); // errors, too
    }

    private boolean isAllowed(Request request) {
        return config.origins.isEmpty() || request.header("Origin").filter(config.origins::contains).isPresent();
    }

    private static boolean isPreflight(Request request) {
        return request.method().equals(Method.OPTIONS)
                && request.headers().has("Origin")
                && request.headers().has("Access-Control-Request-Method");
    }

    private void allow(Request request, Response response) {
        if (config.origins.isEmpty()) {
            response.header(ORIGIN, "*");
        } else {
            response.addHeader("Vary", "Origin");
            if (!isAllowed(request)) {
                return;
            }
            response.header(ORIGIN, request.header("Origin").orElseThrow());
            if (config.credentials) {
                response.header("Access-Control-Allow-Credentials", "true");
            }
        }
        if (!config.exposed.isEmpty()) {
            response.header("Access-Control-Expose-Headers", String.join(", ", config.exposed));
        }
    }

    private void answerPreflight(Response response) {
        response.header("Access-Control-Allow-Methods", String.join(", ", config.methods));
        if (!config.headers.isEmpty()) {
            response.header("Access-Control-Allow-Headers", String.join(", ", config.headers));
        }
        response.header("Access-Control-Max-Age", Long.toString(config.maxAge.toSeconds()))
                .status(204)
                .send();
    }
}
