package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Request;
import dev.thrum.net.Network;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who the client is, where proxies stand in between.
///
/// ```java
/// app.install(TrustedProxies.forwardedFor("10.0.0.0/8", "fd00::/8"))
///         .get("/", (request, response) -> response.send("hello, " + TrustedProxies.client(request)));
/// ```
///
/// A proxy tells who has asked it, in `X-Forwarded-For` or in `Forwarded` (RFC 7239); one of the two, since a proxy that writes the one
/// passes on what a client has written into the other. It is believed only if the connection comes from an address that is
/// on the list; then the entries are read from the last one on, which the nearest proxy has written, through those that are
/// on the list, too. The first that is not is the client: what stands before it, anybody may have written. So do scheme and host come
/// from the nearest proxy alone.
///
/// Without this plugin the client is the other side of the connection.
///
/// **Threads.** The methods that take a request belong to whoever handles it, one thread at a time. Nothing blocks: an address is
/// never looked up by a name.
public final class TrustedProxies implements Plugin {
    private static final int MOST_HOPS = 32;
    private static final Key<TrustedProxies> INSTALLED = Key.of("TrustedProxies");
    private static final Key<Origin> ORIGIN = Key.of("origin of a request");

    private final Config config;

    private record Config(boolean standard, List<Network> trusted) {}

    /// Where a request comes from, as far as it can be believed.
    private record Origin(String client, String scheme, String host) {}

    private TrustedProxies(Config config) {
        this.config = config;
    }

    /// {@return the plugin for proxies that write `X-Forwarded-For`, `-Proto` and `-Host`}
    /// @param network of proxies, such as `10.0.0.0/8`, `::1`, `192.0.2.7`, or `unix` for who comes by a Unix socket
    /// @param more others
    /// @throws IllegalArgumentException if one is no network
    public static TrustedProxies forwardedFor(String network, String... more) {
        return new TrustedProxies(new Config(false, Network.all(network, more)));
    }

    /// {@return the plugin for proxies that write `Forwarded`}
    /// @param network of proxies, such as `10.0.0.0/8`, `::1`, `192.0.2.7`, or `unix` for who comes by a Unix socket
    /// @param more others
    /// @throws IllegalArgumentException if one is no network
    public static TrustedProxies forwarded(String network, String... more) {
        return new TrustedProxies(new Config(true, Network.all(network, more)));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.bind(INSTALLED, this);
    }

    // ---- for handlers

    /// {@return the address of the client, without a port; `unix` for a Unix socket}
    /// @param request the request
    public static String client(Request request) {
        return origin(request).client;
    }

    /// {@return `https` or `http`, as the client has come to the nearest proxy; without one, as it has come here}
    /// @param request the request
    public static String scheme(Request request) {
        return origin(request).scheme;
    }

    /// {@return the host that the client has asked for: as the nearest proxy tells it, else that of the request}
    /// @param request the request
    public static String host(Request request) {
        return origin(request).host;
    }

    private static Origin origin(Request request) {
        return request.get(ORIGIN).orElseGet(() -> {
            Origin direct = new Origin(peer(request), request.scheme(), request.host());
            Origin origin = Scope.current()
                    .get(INSTALLED)
                    .filter(proxies -> proxies.trusts(request.remote()))
                    .map(proxies -> proxies.told(request, direct))
                    .orElse(direct);
            request.put(ORIGIN, origin);
            return origin;
        });
    }

    private static String peer(Request request) {
        return request.remote() instanceof InetSocketAddress internet ? internet.getAddress().getHostAddress() : "unix";
    }

    private boolean trusts(SocketAddress peer) {
        return config.trusted.stream().anyMatch(network -> network.contains(peer));
    }

    private boolean trusts(String address) {
        return Network.address(address)
                .filter(known -> config.trusted.stream().anyMatch(network -> network.contains(known)))
                .isPresent();
    }

    private Origin told(Request request, Origin direct) {
        if (!config.standard) {
            return new Origin(
                    client(list(request, "X-Forwarded-For"), direct.client),
                    scheme(last(list(request, "X-Forwarded-Proto"))),
                    host(last(list(request, "X-Forwarded-Host")), direct.host));
        }
        List<MediaType> hops = list(request, "Forwarded").stream().map(hop -> MediaType.parse(";" + hop)).toList();
        MediaType nearest = hops.isEmpty() ? MediaType.parse("") : hops.getLast();
        return new Origin(
                client(hops.stream().map(hop -> hop.parameter("for").orElse("")).toList(), direct.client),
                scheme(nearest.parameter("proto").orElse("")),
                host(nearest.parameter("host").orElse(""), direct.host));
    }

    private static List<String> list(Request request, String name) {
        List<String> all = new ArrayList<>();
        for (String line : request.headers().all(name)) {
            for (String each : line.split(",", -1)) {
                all.add(each.strip());
            }
        }
        return all.subList(Math.max(0, all.size() - MOST_HOPS), all.size());
    }

    private static String last(List<String> list) {
        return list.isEmpty() ? "" : list.getLast();
    }

    /// {@return the last of the hops that is not trusted; the farthest one that is, if all are}
    private String client(List<String> hops, String peer) {
        String client = peer;
        for (String hop : hops.reversed()) {
            Optional<InetAddress> address = Network.address(withoutPort(hop));
            if (address.isEmpty()) {
                return client; // unknown, hidden, or rubbish: the proxy that has written it is all we know
            }
            client = address.get().getHostAddress();
            if (!trusts(client)) {
                return client;
            }
        }
        return client;
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? "" : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static String scheme(String told) {
        return told.equalsIgnoreCase("https") ? "https" : "http";
    }

    private static String host(String told, String direct) {
        String lower = told.toLowerCase(Locale.ROOT);
        return lower.matches("([a-z0-9.-]{1,255}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?") ? lower : direct;
    }
}
