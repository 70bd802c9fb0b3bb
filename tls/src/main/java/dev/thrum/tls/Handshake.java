package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// What a handshake may offer, and what it may cost.
///
/// **Threads.** Immutable.
/// @param limit how long it may take, from the first byte to the last
/// @param maxBytes how many bytes the peer may send in it, 1 KiB to 1 MiB; the JDK bounds each message at 32 KiB besides
/// @param versions the versions of TLS, out of `TLSv1.3` and `TLSv1.2`
/// @param ciphers the names of the cipher suites by preference; empty for the JDK's choice
/// @param groups the names of the groups for the key exchange by preference; empty for the JDK's choice
public record Handshake(
        Duration limit, int maxBytes, List<String> versions, List<String> ciphers, List<String> groups) {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
    private static final Duration LONGEST = Duration.ofDays(1);

    /// Ten seconds, 64 KiB, TLS 1.3 and 1.2, the JDK's ciphers and groups.
    public static final Handshake DEFAULT =
            new Handshake(Duration.ofSeconds(10), 64 * 1024, VERSIONS, List.of(), List.of());

    /// Checks the components.
    /// @throws IllegalArgumentException if `limit` is not within a millisecond and a day, `maxBytes` is out of its range,
    ///     or `versions` is empty or contains another version
    public Handshake {
        if (requireNonNull(limit, "limit").toMillis() < 1 || limit.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("limit must be a millisecond to a day: " + limit);
        }
        if (maxBytes < 1024 || maxBytes > 1024 * 1024) {
            throw new IllegalArgumentException("maxBytes must be 1024..1048576: " + maxBytes);
        }
        versions = List.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        groups = List.copyOf(groups);
        if (versions.isEmpty() || !VERSIONS.containsAll(versions)) {
            throw new IllegalArgumentException("versions must be some of " + VERSIONS + ": " + versions);
        }
    }

    /// {@return these settings with another limit of time}
    /// @param limit a millisecond to a day
    public Handshake withLimit(Duration limit) {
        return new Handshake(limit, maxBytes, versions, ciphers, groups);
    }

    /// {@return these settings with another limit of bytes}
    /// @param maxBytes 1 KiB to 1 MiB
    public Handshake withMaxBytes(int maxBytes) {
        return new Handshake(limit, maxBytes, versions, ciphers, groups);
    }

    /// {@return these settings with other versions}
    /// @param versions some of `TLSv1.3` and `TLSv1.2`
    public Handshake withVersions(String... versions) {
        return new Handshake(limit, maxBytes, List.of(versions), ciphers, groups);
    }

    /// {@return these settings with other cipher suites}
    /// @param ciphers their names in the JDK, by preference
    public Handshake withCiphers(String... ciphers) {
        return new Handshake(limit, maxBytes, versions, List.of(ciphers), groups);
    }

    /// {@return these settings with other groups for the key exchange}
    /// @param groups their names in the JDK, by preference, such as `x25519`
    public Handshake withGroups(String... groups) {
        return new Handshake(limit, maxBytes, versions, ciphers, List.of(groups));
    }
}
