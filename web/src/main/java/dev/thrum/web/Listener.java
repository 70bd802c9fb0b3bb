package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.net.ListenConfig;
import java.net.InetSocketAddress;

/// Where a server listens, and on how many loops.
///
/// ```java
/// app.start(Listener.http(8000), Listener.http(8001));       // two ports, a loop for each
/// app.start(Listener.http(8000).withLoops(4));                // one port on four loops
/// ```
///
/// **Threads.** Immutable.
/// @param host a name or an address of this machine, such as `127.0.0.1`; `0.0.0.0` for all of them
/// @param port 0..65535; 0 takes one that is free, which [Server#ports] tells
/// @param loops how many loops share the port, at least 1; the system spreads connections over them (`SO_REUSEPORT`)
/// @param backlog how many connections may wait for each loop, at least 1
public record Listener(String host, int port, int loops, int backlog) {

    /// Checks the components.
    /// @throws IllegalArgumentException if one is not within its range
    public Listener {
        requireNonNull(host, "host");
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank; 0.0.0.0 means all addresses");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0..65535: " + port);
        }
        if (loops < 1 || loops > 1_024) {
            throw new IllegalArgumentException("loops must be 1..1024: " + loops);
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be 1 or more: " + backlog);
        }
    }

    /// {@return a listener for plain HTTP on all addresses, with one loop}
    /// @param port 0..65535; 0 takes one that is free
    /// @throws IllegalArgumentException if `port` is out of range
    public static Listener http(int port) {
        return new Listener("0.0.0.0", port, 1, ListenConfig.DEFAULT.backlog());
    }

    /// {@return this listener at one address only}
    /// @param host a name or an address of this machine
    public Listener withHost(String host) {
        return new Listener(host, port, loops, backlog);
    }

    /// {@return this listener with its port shared by several loops}
    /// @param loops how many, 1..1024
    public Listener withLoops(int loops) {
        return new Listener(host, port, loops, backlog);
    }

    /// {@return this listener with another backlog}
    /// @param backlog how many connections may wait for each loop
    public Listener withBacklog(int backlog) {
        return new Listener(host, port, loops, backlog);
    }

    /// {@return where to listen, at `port` in place of its own}
    InetSocketAddress address(int port) {
        return new InetSocketAddress(host, port);
    }
}
