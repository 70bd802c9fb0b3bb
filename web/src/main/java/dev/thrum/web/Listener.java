package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.net.ListenConfig;
import dev.thrum.tls.Certificates;
import dev.thrum.tls.Tls;
import java.util.List;
import java.util.Optional;

/// Where a server listens, how, and on how many loops.
///
/// ```java
/// app.start(Listener.http(8000), Listener.http(8001));       // two ports, a loop for each
/// app.start(Listener.http(8000).withLoops(4));                // one port on four loops
/// app.start(Listener.http(8000).withHosts("127.0.0.1", "::1"));
///
/// Certificates certificates = Certificates.load(Identity.pem(Path.of("fullchain.pem"), Path.of("privkey.pem")));
/// app.start(Listener.https(8443, certificates), Listener.https(9443, certificates));
/// ```
///
/// **TLS.** While a server listens, it looks at the files of its certificates every second, and takes new ones for the next
/// handshakes on all listeners that have them; a bad file is refused, the old ones are kept, and the log tells. What is in use,
/// [Server#certificates] tells. Handshakes run beside the loops, and count as connections.
///
/// **Threads.** Immutable.
/// @param place where
/// @param loops how many loops share the place, 1..1024; the system spreads connections over them (`SO_REUSEPORT`)
/// @param backlog how many connections may wait for each loop, at least 1
/// @param tls how to speak TLS there, if at all; the protocol on top is always `http/1.1`
public record Listener(Place place, int loops, int backlog, Optional<Tls> tls) {

    /// Checks the components.
    /// @throws IllegalArgumentException if one is not within its range, or the TLS has no certificates
    public Listener {
        requireNonNull(place, "place");
        if (loops < 1 || loops > 1_024) {
            throw new IllegalArgumentException("loops must be 1..1024: " + loops);
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be 1 or more: " + backlog);
        }
        if (tls.isPresent() && tls.get().certificates().isEmpty()) {
            throw new IllegalArgumentException("a listener's TLS must have certificates: Tls.of(…)");
        }
    }

    private static Listener at(Place place) {
        return new Listener(place, 1, ListenConfig.DEFAULT.backlog(), Optional.empty());
    }

    /// {@return a listener for plain HTTP on all addresses, with one loop}
    /// @param port 0..65535; 0 takes one that is free
    /// @throws IllegalArgumentException if `port` is out of range
    public static Listener http(int port) {
        return at(new Place.Internet(List.of("0.0.0.0"), port));
    }

    /// {@return a listener for HTTP over TLS on all addresses, with one loop}
    /// @param port 0..65535; 0 takes one that is free
    /// @param certificates what it shows, one of them by the name that a client asks for; several listeners may have the same
    /// @throws IllegalArgumentException if `port` is out of range
    public static Listener https(int port, Certificates certificates) {
        return http(port).withTls(Tls.of(certificates));
    }

    /// {@return this listener at one address only}
    /// @param host a name or an address of this machine
    public Listener withHost(String host) {
        return withHosts(host);
    }

    /// {@return this listener at some addresses, with the same port or, for port 0, each with its own}
    /// @param hosts names or addresses of this machine
    /// @throws IllegalArgumentException if there is none, or one is blank or stands there twice
    /// @throws IllegalStateException if this has no port
    public Listener withHosts(String... hosts) {
        if (!(place instanceof Place.Internet internet)) {
            throw new IllegalStateException("hosts are for a listener with a port: " + place);
        }
        return new Listener(new Place.Internet(List.of(hosts), internet.port()), loops, backlog, tls);
    }

    /// {@return this listener with its place shared by several loops}
    /// @param loops how many, 1..1024
    public Listener withLoops(int loops) {
        return new Listener(place, loops, backlog, tls);
    }

    /// {@return this listener with another backlog}
    /// @param backlog how many connections may wait for each loop
    public Listener withBacklog(int backlog) {
        return new Listener(place, loops, backlog, tls);
    }

    /// {@return this listener with TLS}
    /// @param tls what to show, whom to believe, what to offer
    /// @throws IllegalArgumentException if it has no certificates
    public Listener withTls(Tls tls) {
        return new Listener(place, loops, backlog, Optional.of(tls.withProtocols("http/1.1")));
    }
}
