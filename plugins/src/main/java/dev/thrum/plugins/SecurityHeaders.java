package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Header fields that make browsers careful, in every answer, errors included. What a handler sets itself stays as it is.
///
/// ```java
/// app.install(SecurityHeaders.standard()
///         .with("Content-Security-Policy", "default-src 'self'; img-src *")
///         .withStrictTransport(Duration.ofDays(365)));
/// ```
///
/// **Threads.** Immutable.
public final class SecurityHeaders implements Plugin {
    private static final String STRICT_TRANSPORT = "Strict-Transport-Security";

    private final Config config;

    private record Config(Map<String, String> headers) {}

    private SecurityHeaders(Map<String, String> headers) {
        this.config = new Config(Collections.unmodifiableMap(headers));
    }

    /// {@return no guessing of types (`X-Content-Type-Options`), content from this site only (`Content-Security-Policy`), no
    /// framing by others (`X-Frame-Options`), no paths told to others (`Referrer-Policy`), a window of its own
    /// (`Cross-Origin-Opener-Policy`)}
    public static SecurityHeaders standard() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(
                "Content-Security-Policy",
                "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'");
        headers.put("X-Frame-Options", "SAMEORIGIN");
        headers.put("Referrer-Policy", "strict-origin-when-cross-origin");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        return new SecurityHeaders(headers);
    }

    /// {@return this with a field more, in place of the one of this name}
    /// @param name a token
    /// @param value one line; what HTTP does not allow is refused when the application answers, so it is checked now
    /// @throws IllegalArgumentException if `name` or `value` has characters that may not stand there
    public SecurityHeaders with(String name, String value) {
        if (!requireNonNull(name, "name").matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("the name of a header field has letters, digits and dashes: " + name);
        }
        if (!requireNonNull(value, "value").chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the value of a header field is one line of ASCII: " + name);
        }
        Map<String, String> more = headersWithout(name);
        more.put(name, value);
        return new SecurityHeaders(more);
    }

    /// {@return this without a field}
    /// @param name its name, in any case
    public SecurityHeaders without(String name) {
        return new SecurityHeaders(headersWithout(requireNonNull(name, "name")));
    }

    /// {@return this with `Strict-Transport-Security`: browsers that come by TLS never come without it again} Only for a site
    /// that is served by TLS, with all hosts below it. Whoever comes without TLS does not get it (RFC 6797 §7.2); where a proxy
    /// does the TLS, [TrustedProxies] tells.
    /// @param age how long they remember it
    /// @throws IllegalArgumentException if `age` is negative
    public SecurityHeaders withStrictTransport(Duration age) {
        if (requireNonNull(age, "age").isNegative()) {
            throw new IllegalArgumentException("age must not be negative: " + age);
        }
        return with(STRICT_TRANSPORT, "max-age=" + age.toSeconds() + "; includeSubDomains");
    }

    private Map<String, String> headersWithout(String name) {
        Map<String, String> others = new LinkedHashMap<>(config.headers);
        others.keySet().removeIf(name::equalsIgnoreCase);
        return others;
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.on(Event.ResponseStarted.class, "security headers", event -> addTo(event.request(), event.response()));
    }

    private void addTo(Request request, Response response) {
        config.headers.forEach((name, value) -> {
            boolean wanted = !name.equalsIgnoreCase(STRICT_TRANSPORT) || TrustedProxies.scheme(request).equals("https");
            if (wanted && response.header(name).isEmpty()) {
                response.header(name, value);
            }
        });
    }
}
