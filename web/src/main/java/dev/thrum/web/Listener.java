package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.net.ListenConfig;
import dev.thrum.net.ProxyProtocol;
import dev.thrum.tls.Certificates;
import dev.thrum.tls.Tls;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
/// app.start(Listener.unix(Path.of("/run/shop.sock")).withPermissions("rw-rw----").withProxyProtocol(ProxyProtocol.trusting("unix")));
/// ```
///
/// **TLS.** While a server listens, it looks at the files of its certificates every second, and takes new ones for the next
/// handshakes on all listeners that have them; a bad file is refused, the old ones are kept, and the log tells. What is in use,
/// [Server#certificates] tells. Handshakes run beside the loops, and count as connections.
///
/// **Threads.** Immutable.
/// @param place where
/// @param loops how many loops share the place, 1..1024
/// @param inTurn whether one of the loops accepts and hands each connection to the next; else the system spreads them
///     (`SO_REUSEPORT`), where it can: with ports, on most systems
/// @param backlog how many connections may wait for each loop that accepts, at least 1
/// @param tls how to speak TLS there, if at all; the protocol on top is always `http/1.1`
/// @param proxies which proxies stand in front and say whose connection they hand on, if any
public record Listener(
        Place place, int loops, boolean inTurn, int backlog, Optional<Tls> tls, Optional<ProxyProtocol> proxies) {

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
        return new Listener(place, 1, false, ListenConfig.DEFAULT.backlog(), Optional.empty(), Optional.empty());
    }

    private static Listener at(Place place, Listener like) {
        return new Listener(place, like.loops, like.inTurn, like.backlog, like.tls, like.proxies);
    }

    /// {@return a listener for plain HTTP on all addresses, with one loop}
    /// @param port 0..65535; 0 takes one that is free
    /// @throws IllegalArgumentException if `port` is out of range
    public static Listener http(int port) {
        return at(new Place.Internet(List.of("0.0.0.0"), port, false));
    }

    /// {@return a listener for HTTP over TLS on all addresses, with one loop}
    /// @param port 0..65535; 0 takes one that is free
    /// @param certificates what it shows, one of them by the name that a client asks for; several listeners may have the same
    /// @throws IllegalArgumentException if `port` is out of range
    public static Listener https(int port, Certificates certificates) {
        return http(port).withTls(Tls.of(certificates));
    }

    /// {@return a listener for plain HTTP at a Unix socket, with one loop} Its peers have no address: they count in all only, and are
    /// `unix` in logs and for whoever trusts proxies.
    /// @param path of the socket
    public static Listener unix(Path path) {
        return at(new Place.Unix(path, Optional.empty()));
    }

    /// {@return a listener for plain HTTP at the socket that this process has inherited as its standard input, with one loop} There is one
    /// for each process, once.
    public static Listener inherited() {
        return at(new Place.Inherited());
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
        Place.Internet internet = internet("hosts are");
        return at(new Place.Internet(List.of(hosts), internet.port(), internet.shared()), this);
    }

    /// {@return this listener at a port that other processes of the same user may have as well} So one can take the place of another without a
    /// gap: the successor listens first, then the former drains ([Server#close(Drain)]). All of them have to say so.
    /// @throws IllegalStateException if this has no port
    public Listener withSharedPort() {
        Place.Internet internet = internet("sharing is");
        return at(new Place.Internet(internet.hosts(), internet.port(), true), this);
    }

    private Place.Internet internet(String what) {
        if (place instanceof Place.Internet internet) {
            return internet;
        }
        throw new IllegalStateException(what + " for a listener with a port: " + place);
    }

    /// {@return this listener, whose socket gets permissions}
    /// @param permissions such as `rw-rw----`: who may connect needs to write
    /// @throws IllegalArgumentException if they are not written so
    /// @throws IllegalStateException if this is no Unix socket
    public Listener withPermissions(String permissions) {
        if (!(place instanceof Place.Unix unix)) {
            throw new IllegalStateException("permissions are for a Unix socket: " + place);
        }
        return at(new Place.Unix(unix.path(), Optional.of(PosixFilePermissions.fromString(permissions))), this);
    }

    /// {@return this listener with its place shared by several loops}
    /// @param loops how many, 1..1024
    public Listener withLoops(int loops) {
        return new Listener(place, loops, inTurn, backlog, tls, proxies);
    }

    /// {@return this listener with another backlog}
    /// @param backlog how many connections may wait for each loop
    public Listener withBacklog(int backlog) {
        return new Listener(place, loops, inTurn, backlog, tls, proxies);
    }

    /// {@return this listener with TLS}
    /// @param tls what to show, whom to believe, what to offer
    /// @throws IllegalArgumentException if it has no certificates
    public Listener withTls(Tls tls) {
        return new Listener(place, loops, inTurn, backlog, Optional.of(tls.withProtocols("http/1.1")), proxies);
    }

    /// {@return this listener, one of whose loops accepts and hands each connection to the next loop} So each gets as many as any other, at the price of a
    /// hop. Where the system cannot spread connections, this is so anyway.
    public Listener withTurns() {
        return new Listener(place, loops, true, backlog, tls, proxies);
    }

    /// {@return this listener behind proxies that say whose connection they hand on} Limits, logs and handlers see their clients.
    /// @param proxies who is believed
    public Listener withProxyProtocol(ProxyProtocol proxies) {
        return new Listener(place, loops, inTurn, backlog, tls, Optional.of(proxies));
    }

    /// {@return whether each loop has a listening socket of its own}
    boolean isSharedBySystem() {
        return loops > 1 && !inTurn && place instanceof Place.Internet && Door.systemShares();
    }
}
