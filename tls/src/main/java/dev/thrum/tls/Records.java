package dev.thrum.tls;

import java.nio.ByteBuffer;

/// The heads of TLS records, which are not encrypted: five bytes, of which the last two are the length of the rest.
final class Records {
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int DATA = 23;

    /// The most that a record takes, and that its plain text takes.
    static final int MAX = 17 * 1024;

    private static final int HEAD = 5;
    private static final int MESSAGE_HEAD = 4; // its type, and three bytes of length
    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 23;
    private static final int CLIENT_HELLO = 1;

    private Records() {}

    /// {@return whether a whole record stands at the position of `bytes`}
    static boolean isWhole(ByteBuffer bytes) {
        return bytes.remaining() >= HEAD && bytes.remaining() - HEAD >= length(bytes);
    }

    /// {@return the type of the record at the position of `bytes`} With TLS 1.3 everything that is encrypted looks like
    /// data.
    static int type(ByteBuffer bytes) {
        return bytes.get(bytes.position());
    }

    private static int length(ByteBuffer bytes) {
        return bytes.getShort(bytes.position() + 3) & 0xffff;
    }

    /// Looks at the head of a record, as far as it is there, so that nothing is kept for a record that cannot be one.
    /// @throws TlsException.NotTls if this is no record
    /// @throws TlsException.Violation if it is too long
    static void check(ByteBuffer bytes, String peer) throws TlsException {
        int type = bytes.hasRemaining() ? type(bytes) : FIRST_TYPE;
        boolean known = type >= FIRST_TYPE && type <= LAST_TYPE;
        if (!known || (bytes.remaining() > 1 && bytes.get(bytes.position() + 1) != 3)) {
            throw new TlsException.NotTls(notTls(bytes, peer), null);
        }
        if (bytes.remaining() >= HEAD && length(bytes) > MAX - HEAD) {
            throw new TlsException.Violation("a record of " + length(bytes) + " bytes from " + peer, null);
        }
    }

    /// Looks at the first record that a client sends, which contains the first bytes of its hello.
    /// @throws TlsException.NotTls if it is no hello
    /// @throws TlsException.Violation if the hello is longer than `maxBytes`
    static void checkHello(ByteBuffer bytes, int maxBytes, String peer) throws TlsException {
        check(bytes, peer);
        int at = bytes.position() + HEAD;
        if ((bytes.hasRemaining() && type(bytes) != HANDSHAKE) || (bytes.limit() > at && bytes.get(at) != CLIENT_HELLO)) {
            throw new TlsException.NotTls(notTls(bytes, peer), null);
        }
        if (bytes.limit() >= at + MESSAGE_HEAD && length(bytes) >= MESSAGE_HEAD) {
            int length = bytes.getInt(at) & 0xff_ffff;
            if (length > maxBytes) {
                throw new TlsException.Violation(
                        "a ClientHello of " + length + " bytes, more than " + maxBytes + ", from " + peer, null);
            }
        }
    }

    private static String notTls(ByteBuffer bytes, String peer) {
        char first = (char) (type(bytes) & 0xff);
        return first >= 'A' && first <= 'Z'
                ? "the peer speaks plain text, probably HTTP, where TLS is spoken: use https for " + peer
                : "the peer does not speak TLS: is it the right port? " + peer;
    }
}
