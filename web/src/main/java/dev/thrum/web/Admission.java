package dev.thrum.web;

/// How many connections a server keeps open. What comes beyond is closed at once, without an answer, and counted:
/// [Server#turnedAway].
///
/// ```java
/// app.admission(Admission.standard().withPerAddress(100));
/// ```
///
/// An IPv6 network of 64 bits counts as one address, since that is what a single client gets. Connections over Unix
/// sockets have no address, and count in all only.
///
/// **Threads.** Immutable.
/// @param connections in all, over all listeners and loops of a server
/// @param perAddress from one address; behind a proxy, which is one address for everybody, no less than in all
public record Admission(int connections, int perAddress) {
    private static final Admission STANDARD = new Admission(65_536, 32_768);

    /// Checks the components.
    /// @throws IllegalArgumentException if one is not positive
    public Admission {
        check("connections", connections);
        check("perAddress", perAddress);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more: " + value);
        }
    }

    /// {@return 65,536 connections in all, and half of that from one address, so that nobody takes everything}
    public static Admission standard() {
        return STANDARD;
    }

    /// {@return this with another limit in all}
    /// @param connections 1 or more
    public Admission withConnections(int connections) {
        return new Admission(connections, perAddress);
    }

    /// {@return this with another limit for one address}
    /// @param perAddress 1 or more
    public Admission withPerAddress(int perAddress) {
        return new Admission(connections, perAddress);
    }
}
