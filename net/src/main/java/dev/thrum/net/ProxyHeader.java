package dev.thrum.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The header by which a proxy says whose connection it hands on: PROXY protocol, versions 1 and 2.
///
/// Strict: what is not a header by the letter is refused at the first byte that shows it.
/// @param length how many bytes it has
/// @param source the client; null if the proxy speaks for itself, or does not know
/// @param destination where the client has connected to; null with `source`
record ProxyHeader(int length, @Nullable SocketAddress source, @Nullable SocketAddress destination) {
    /// The most that a header of version 2 may have: the addresses, and what else there is about the connection.
    static final int MOST = 4096;

    private static final int MOST_1 = 107; // with its line end
    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(US_ASCII);
    private static final byte[] SIGNATURE_2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int FIXED_2 = 16;
    private static final byte CHECKSUM = 3; // the type of an extra
    private static final byte[] NO_CHECKSUM = new byte[4];

    /// {@return whether bytes may be the beginning of a header, as far as they go}
    static boolean mayBegin(ByteBuffer bytes) {
        return begins(bytes, SIGNATURE_1) || begins(bytes, SIGNATURE_2);
    }

    /// {@return whether bytes begin with a whole signature}
    static boolean isSigned(ByteBuffer bytes) {
        return (begins(bytes, SIGNATURE_1) && bytes.remaining() >= SIGNATURE_1.length)
                || (begins(bytes, SIGNATURE_2) && bytes.remaining() >= SIGNATURE_2.length);
    }

    private static boolean begins(ByteBuffer bytes, byte[] signature) {
        int length = Math.min(bytes.remaining(), signature.length);
        for (int i = 0; i < length; i++) {
            if (bytes.get(bytes.position() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    /// {@return the header that bytes begin with; null if it is not complete} The bytes are left as they are.
    /// @throws IOException if they cannot be a header
    static @Nullable ProxyHeader parse(ByteBuffer bytes) throws IOException {
        if (!mayBegin(bytes)) {
            throw new IOException("there must be a PROXY header first");
        }
        if (!isSigned(bytes)) {
            return null;
        }
        return bytes.get(bytes.position()) == 'P' ? parse1(bytes) : parse2(bytes);
    }

    // ---- version 1: a line

    private static @Nullable ProxyHeader parse1(ByteBuffer bytes) throws IOException {
        int most = Math.min(bytes.remaining(), MOST_1);
        for (int i = SIGNATURE_1.length; i < most; i++) {
            byte next = bytes.get(bytes.position() + i);
            if (next == '\r') {
                return i + 1 < most ? line(bytes, i) : open1(i + 1);
            }
            if (next < ' ' || next > '~') {
                throw new IOException("a PROXY header of version 1 is a line of ASCII");
            }
        }
        return open1(most);
    }

    private static @Nullable ProxyHeader open1(int length) throws IOException {
        if (length >= MOST_1) {
            throw new IOException("a PROXY header of version 1 has " + MOST_1 + " bytes at most");
        }
        return null;
    }

    private static ProxyHeader line(ByteBuffer bytes, int end) throws IOException {
        if (bytes.get(bytes.position() + end + 1) != '\n') {
            throw new IOException("a PROXY header of version 1 ends with CR LF");
        }
        byte[] text = new byte[end - SIGNATURE_1.length];
        bytes.get(bytes.position() + SIGNATURE_1.length, text);
        String[] words = new String(text, US_ASCII).split(" ", -1);
        if (words[0].equals("UNKNOWN")) {
            return new ProxyHeader(end + 2, null, null);
        }
        boolean four = words[0].equals("TCP4");
        if (words.length != 5 || !(four || words[0].equals("TCP6"))) {
            throw new IOException("a PROXY header of version 1 is: PROXY TCP4 or TCP6, two addresses, two ports, or UNKNOWN");
        }
        return new ProxyHeader(end + 2, address(words[1], words[3], four), address(words[2], words[4], four));
    }

    private static SocketAddress address(String host, String port, boolean four) throws IOException {
        InetAddress address = Network.address(host)
                .filter(known -> host.contains(":") != four)
                .orElseThrow(() -> new IOException("no address of its family in a PROXY header: " + host));
        if (!port.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65_535) {
            throw new IOException("no port in a PROXY header: " + port);
        }
        return new InetSocketAddress(address, Integer.parseInt(port));
    }

    // ---- version 2: binary

    private static @Nullable ProxyHeader parse2(ByteBuffer bytes) throws IOException {
        int at = bytes.position() + SIGNATURE_2.length;
        int there = bytes.remaining();
        if (there > 12 && bytes.get(at) != 0x20 && bytes.get(at) != 0x21) {
            throw new IOException("a PROXY header is of version 2, LOCAL or PROXY: 0x" + hex(bytes.get(at)));
        }
        if (there > 13 && needed(bytes.get(at + 1)) < 0) {
            throw new IOException("no stream of a known family in a PROXY header: 0x" + hex(bytes.get(at + 1)));
        }
        if (there < FIXED_2) {
            return null;
        }
        int length = Short.toUnsignedInt(bytes.getShort(at + 2));
        boolean isLocal = bytes.get(at) == 0x20;
        int needed = isLocal ? 0 : needed(bytes.get(at + 1));
        if (length < needed || FIXED_2 + length > MOST) {
            throw new IOException("a PROXY header must have " + needed + " to " + (MOST - FIXED_2) + " bytes: " + length);
        }
        if (there < FIXED_2 + length) {
            return null;
        }
        if (isLocal) {
            return new ProxyHeader(FIXED_2 + length, null, null);
        }
        ByteBuffer header = bytes.slice(bytes.position(), FIXED_2 + length);
        checkExtras(header, FIXED_2 + needed);
        return addresses(header.slice(FIXED_2, needed), FIXED_2 + length);
    }

    private static String hex(byte value) {
        return String.format("%02x", value);
    }

    /// {@return how long the addresses of a family are; negative if it is not for streams, or none}
    private static int needed(byte family) {
        return switch (family) {
            case 0 -> 0;
            case 0x11 -> 12;
            case 0x21 -> 36;
            case 0x31 -> 216;
            default -> -1;
        };
    }

    private static ProxyHeader addresses(ByteBuffer block, int length) throws IOException {
        if (!block.hasRemaining()) {
            return new ProxyHeader(length, null, null);
        }
        if (block.remaining() == 216) {
            SocketAddress unix = UnixDomainSocketAddress.of(""); // the paths are those of another machine, perhaps
            return new ProxyHeader(length, unix, unix);
        }
        int size = (block.remaining() - 4) / 2;
        InetAddress source = address(block, size);
        InetAddress destination = address(block, size);
        return new ProxyHeader(
                length,
                new InetSocketAddress(source, Short.toUnsignedInt(block.getShort())),
                new InetSocketAddress(destination, Short.toUnsignedInt(block.getShort())));
    }

    private static InetAddress address(ByteBuffer block, int size) throws UnknownHostException {
        byte[] address = new byte[size];
        block.get(address);
        return InetAddress.getByAddress(address);
    }

    /// Goes through what else there is: a type, a length of two bytes, that many bytes. All is skipped but a checksum.
    private static void checkExtras(ByteBuffer header, int first) throws IOException {
        int left = header.limit() - first;
        for (int at = first; left > 0; left = header.limit() - at) {
            int length = left < 3 ? left : Short.toUnsignedInt(header.getShort(at + 1));
            if (left < 3 + length) {
                throw new IOException("what follows the addresses in a PROXY header is not well-formed");
            }
            if (header.get(at) == CHECKSUM && !isSumOf(header, at + 3, length)) {
                throw new IOException("the checksum of a PROXY header does not fit");
            }
            at += 3 + length;
        }
    }

    /// {@return whether a place in a header has the checksum of all of it, with zeros in that place}
    private static boolean isSumOf(ByteBuffer header, int at, int length) {
        if (length != NO_CHECKSUM.length) {
            return false;
        }
        CRC32C sum = new CRC32C();
        sum.update(header.slice(0, at));
        sum.update(NO_CHECKSUM);
        sum.update(header.slice(at + length, header.limit() - at - length));
        return header.getInt(at) == (int) sum.getValue();
    }
}
