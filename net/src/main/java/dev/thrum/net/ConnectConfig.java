package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How to connect.
///
/// @param limit how long it may take altogether: looking the host up and all attempts; positive
/// @param stagger how long an attempt has for itself before the next address of the host is tried beside it (RFC 8305);
///     positive
/// @param local the address on this side; null for the system's choice
/// @param options what is set before the first attempt, such as buffer sizes: each name with a value of its type
public record ConnectConfig(
        Duration limit, Duration stagger, @Nullable SocketAddress local, Map<SocketOption<?>, Object> options) {

    /// Within 30 seconds, another address every 250 milliseconds, from any local address.
    public static final ConnectConfig DEFAULT =
            new ConnectConfig(Duration.ofSeconds(30), Duration.ofMillis(250), null, Map.of());

    /// Checks the components.
    /// @throws IllegalArgumentException if a time is not positive, or a value not of its option's type
    public ConnectConfig {
        check("limit", limit);
        check("stagger", stagger);
        options = Options.copy(options);
    }

    private static void check(String name, Duration time) {
        if (!requireNonNull(time, name).isPositive()) {
            throw new IllegalArgumentException(name + " must be positive: " + time);
        }
    }

    /// {@return this configuration with another time limit}
    /// @param limit how long it may take altogether
    public ConnectConfig withLimit(Duration limit) {
        return new ConnectConfig(limit, stagger, local, options);
    }

    /// {@return this configuration with another time between two attempts}
    /// @param stagger how long an attempt has for itself
    public ConnectConfig withStagger(Duration stagger) {
        return new ConnectConfig(limit, stagger, local, options);
    }

    /// {@return this configuration with an address on this side}
    /// @param local the address; port 0 for any
    public ConnectConfig withLocal(SocketAddress local) {
        return new ConnectConfig(limit, stagger, requireNonNull(local, "local"), options);
    }

    /// {@return this configuration with a socket option}
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @param value the value
    public <T> ConnectConfig withOption(SocketOption<T> name, T value) {
        return new ConnectConfig(limit, stagger, local, Options.with(options, name, value));
    }
}
