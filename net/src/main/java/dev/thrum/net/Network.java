package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A network of addresses, such as those of the proxies that are trusted: `10.0.0.0/8`, `fd00::/8`, one address, or `unix` for
/// the peers of Unix sockets.
///
/// **Threads.** Immutable.
public final class Network {
    private static final String UNIX = "unix";

    private final String text; // as it was written
    private final byte[] first; // empty for Unix sockets
    private final int bits; // how many all its addresses share

    private Network(String text, byte[] first, int bits) {
        this.text = text;
        this.first = first;
        this.bits = bits;
    }

    /// {@return the network that `text` means}
    /// @param text an address, with the number of bits that count behind a slash, or without; or `unix`
    /// @throws IllegalArgumentException if it means none
    public static Network of(String text) {
        if (requireNonNull(text, "text").equals(UNIX)) {
            return new Network(text, new byte[0], 0);
        }
        int slash = text.indexOf('/');
        byte[] first = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> wrong(text))
                .getAddress();
        int most = first.length * 8;
        String length = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > most) {
            throw wrong(text);
        }
        return new Network(text, first, Integer.parseInt(length));
    }

    /// {@return networks}
    /// @param first as [#of] takes it
    /// @param more others
    /// @throws IllegalArgumentException if one means none
    public static List<Network> all(String first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).map(Network::of).toList();
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("a network is written like 10.0.0.0/8, fd00::/8, 192.0.2.7 or unix: " + text);
    }

    /// {@return the address; empty if it is none} No name is looked up.
    /// @param text such as `192.0.2.7` or `fd00::1`, without a zone
    public static Optional<InetAddress> address(String text) {
        if (!text.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /// {@return whether an address is of this network}
    /// @param address IPv4 or IPv6
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (first.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((first[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether a peer is of this network}
    /// @param peer the address of the other side of a connection
    public boolean contains(SocketAddress peer) {
        return switch (peer) {
            case InetSocketAddress internet -> !internet.isUnresolved() && contains(internet.getAddress());
            case UnixDomainSocketAddress _ -> text.equals(UNIX);
            default -> false;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && text.equals(network.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// {@return as it was written}
    @Override
    public String toString() {
        return text;
    }
}
