package dev.thrum.plugins;

import java.net.InetAddress;
import java.util.Optional;

/// A network of addresses.
/// @param text as it was written
/// @param first its first address
/// @param bits how many bits all its addresses share
record Network(String text, InetAddress first, int bits) {

    /// {@return the network that `text` means}
    /// @throws IllegalArgumentException if it means none
    static Network of(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        InetAddress first = address(address).orElseThrow(() -> wrong(text));
        int most = first.getAddress().length * 8;
        String length = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > most) {
            throw wrong(text);
        }
        return new Network(text, first, Integer.parseInt(length));
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("a network is written like 10.0.0.0/8, fd00::/8 or 192.0.2.7: " + text);
    }

    /// {@return the address; empty if it is none} No name is looked up.
    static Optional<InetAddress> address(String text) {
        if (!text.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] one = first.getAddress();
        byte[] other = address.getAddress();
        if (one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((one[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
