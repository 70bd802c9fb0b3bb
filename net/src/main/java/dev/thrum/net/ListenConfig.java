package dev.thrum.net;

import java.net.SocketOption;
import java.util.Map;

/// How a server listens.
///
/// @param backlog how many connections the system may keep waiting for the loop, at least 1
/// @param reusePort whether several servers, each on a loop of its own, may listen at one port and share its connections
///     (`SO_REUSEPORT`)
/// @param ipv4Only whether a server at a wildcard address hears IPv4 alone; else it hears IPv6 as well, whichever wildcard
///     it is
/// @param options what is set on the listening socket, and handed down by the system to its connections, such as
///     `SO_RCVBUF`: each name with a value of its type
public record ListenConfig(int backlog, boolean reusePort, boolean ipv4Only, Map<SocketOption<?>, Object> options) {

    /// A backlog of 1024, the port for one server only, IPv4 and IPv6.
    public static final ListenConfig DEFAULT = new ListenConfig(1024, false, false, Map.of());

    /// Checks the components.
    /// @throws IllegalArgumentException if `backlog` is less than 1, or a value is not of its option's type
    public ListenConfig {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be 1 or more: " + backlog);
        }
        options = Options.copy(options);
    }

    /// {@return this configuration with another backlog}
    /// @param backlog how many connections the system may keep waiting
    public ListenConfig withBacklog(int backlog) {
        return new ListenConfig(backlog, reusePort, ipv4Only, options);
    }

    /// {@return this configuration with the port shared, or not}
    /// @param reusePort whether several servers may listen at one port
    public ListenConfig withReusePort(boolean reusePort) {
        return new ListenConfig(backlog, reusePort, ipv4Only, options);
    }

    /// {@return this configuration for IPv4 alone, or not}
    /// @param ipv4Only whether a wildcard address hears IPv4 alone
    public ListenConfig withIpv4Only(boolean ipv4Only) {
        return new ListenConfig(backlog, reusePort, ipv4Only, options);
    }

    /// {@return this configuration with a socket option}
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @param value the value
    public <T> ListenConfig withOption(SocketOption<T> name, T value) {
        return new ListenConfig(backlog, reusePort, ipv4Only, Options.with(options, name, value));
    }
}
