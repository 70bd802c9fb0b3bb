package dev.thrum.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Finds the end of a head in bytes that arrive bit by bit.
final class HeadFinder {
    /*
     * Looks at eight bytes at a time for the next control character. In a head that is CR LF at the end of a line, or a
     * tab; anything else is refused right here, so that a client that speaks another protocol, or ends lines with a bare
     * LF, gets its answer at once and not after a timeout. What was looked at is never looked at again: the two numbers
     * below are all that a connection keeps between reads.
     */

    private int scanned; // from the start of the head
    private int line; // where the current line starts, from the start of the head

    /// {@return whether a head has begun to arrive}
    boolean hasBegun() {
        return scanned > 0;
    }

    void reset() {
        scanned = 0;
        line = 0;
    }

    /// {@return the length of the head that starts at the position, with its empty last line; 0 if it is not all there}
    /// @throws HttpException if it is malformed, or longer than allowed
    int find(ByteBuffer bytes, Limits limits) {
        int start = bytes.position();
        int limit = bytes.limit();
        int at = start + scanned;
        while (true) {
            at = nextControl(bytes, at, limit);
            if (at >= limit || (bytes.get(at) == '\r' && at + 1 >= limit)) {
                return incomplete(at - start, limits);
            }
            if (bytes.get(at) == '\t') {
                at++;
                continue;
            }
            if (bytes.get(at) != '\r' || bytes.get(at + 1) != '\n') {
                throw HttpException.ofInput(400, "control character in the head of the request");
            }
            boolean last = at == start + line;
            checkLine(at - start, limits);
            at += 2;
            line = at - start;
            if (last) {
                return at - start;
            }
        }
    }

    private static int nextControl(ByteBuffer bytes, int from, int limit) {
        boolean swapped = bytes.order() == ByteOrder.BIG_ENDIAN;
        int at = from;
        for (; at <= limit - 8; at += 8) {
            long eight = swapped ? Long.reverseBytes(bytes.getLong(at)) : bytes.getLong(at);
            int found = Ascii.firstControl(eight);
            if (found < Long.SIZE) {
                return at + (found >>> 3);
            }
        }
        while (at < limit && (bytes.get(at) & 0xff) >= ' ') {
            at++;
        }
        return at;
    }

    private int incomplete(int seen, Limits limits) {
        scanned = seen;
        checkLine(seen, limits);
        return 0;
    }

    private void checkLine(int end, Limits limits) {
        if (line == 0) {
            if (end > limits.requestLine()) {
                throw HttpException.ofInput(
                        414, "the request line is longer than " + limits.requestLine() + " bytes (limit requestLine)");
            }
        } else if (end > limits.requestLine() + limits.headerBytes()) {
            throw Head.tooLong(limits);
        }
    }
}
