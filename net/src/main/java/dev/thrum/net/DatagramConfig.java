package dev.thrum.net;

import java.net.SocketOption;
import java.util.Map;

/// How to open a UDP socket.
///
/// @param ipv4Only whether a socket at a wildcard address is for IPv4 alone
/// @param options what is set before the address is taken, such as `SO_REUSEADDR` for a port that several listen to: each
///     name with a value of its type
public record DatagramConfig(boolean ipv4Only, Map<SocketOption<?>, Object> options) {

    /// IPv4 and IPv6, no options.
    public static final DatagramConfig DEFAULT = new DatagramConfig(false, Map.of());

    /// Checks the components.
    /// @throws IllegalArgumentException if a value is not of its option's type
    public DatagramConfig {
        options = Options.copy(options);
    }

    /// {@return this configuration for IPv4 alone, or not}
    /// @param ipv4Only whether a wildcard address is for IPv4 alone
    public DatagramConfig withIpv4Only(boolean ipv4Only) {
        return new DatagramConfig(ipv4Only, options);
    }

    /// {@return this configuration with a socket option}
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @param value the value
    public <T> DatagramConfig withOption(SocketOption<T> name, T value) {
        return new DatagramConfig(ipv4Only, Options.with(options, name, value));
    }
}
