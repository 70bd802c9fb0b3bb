package dev.thrum.plugins;

import dev.thrum.http.HttpException;
import dev.thrum.http.Method;
import dev.thrum.http.Request;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.util.Optional;
import java.util.Set;

/// Refuses requests by which the page of another site would change something in the name of its visitor (CSRF).
///
/// ```java
/// app.install(CrossSiteGuard.standard().withTrusted("https://app.example.org"));
/// ```
///
/// Browsers say where a request comes from: `Sec-Fetch-Site`, and old ones `Origin`. A request by a method that may change something
/// passes if its page is of the same origin, or the user himself has caused it, or its origin is trusted; else it is a 403,
/// before a route is looked for. What says nothing is no browser, carries nobody's cookies, and passes. So no page needs a
/// token. GET, HEAD and OPTIONS always pass: their handlers must not change anything.
///
/// **Threads.** Immutable.
public final class CrossSiteGuard implements Plugin {
    private static final Set<Method> SAFE = Set.of(Method.GET, Method.HEAD, Method.OPTIONS, Method.TRACE);

    private final Config config;

    private record Config(Set<String> trusted) {}

    private CrossSiteGuard(Config config) {
        this.config = config;
    }

    /// {@return the plugin that trusts no other origin}
    public static CrossSiteGuard standard() {
        return new CrossSiteGuard(new Config(Set.of()));
    }

    /// {@return this with origins whose pages may do everything}
    /// @param origins such as `https://app.example.org`
    /// @throws IllegalArgumentException if one is not an origin
    public CrossSiteGuard withTrusted(String... origins) {
        return new CrossSiteGuard(new Config(Origins.of(origins)));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.on(Event.PreRoute.class, "cross-site guard", event -> check(event.request()));
    }

    private void check(Request request) {
        if (!SAFE.contains(request.method()) && !isOurs(request)) {
            throw new HttpException(403, "a page of another site may not do this");
        }
    }

    private boolean isOurs(Request request) {
        Optional<String> origin = request.header("Origin");
        if (origin.filter(config.trusted::contains).isPresent()) {
            return true;
        }
        Optional<String> site = request.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin") || site.get().equals("none");
        }
        return origin.isEmpty() || isSame(origin.get(), request);
    }

    private static boolean isSame(String origin, Request request) {
        boolean mayBeForged = TrustedProxies.scheme(request).equals("https") && !origin.startsWith("https:");
        return !mayBeForged && Origins.authority(origin).equals(authority(request));
    }

    /// {@return host and port that the client means, as an origin has it}
    private static String authority(Request request) {
        return request.host().replaceFirst(":(80|443)$", "");
    }
}
