package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Reads the head of a request, strictly (RFC 9112 §3 and §5), into a [Head] that it fills again and again.
final class HeadParser {
    /*
     * The bytes of one head are copied to an array first: one bulk copy is cheaper than the checks of a direct buffer for
     * each byte, and the array is what the request reads from while its service runs. HeadFinder has made sure that
     * the array ends with an empty line, that CR and LF stand together only, and that no other control but tab occurs.
     */

    private static final int CHUNKED_LAST = 1;
    private static final int CHUNKED_BEFORE = 2;
    private static final int OTHER_CODING = 4;

    private final Limits limits;
    private final Head head = new Head();
    private final Target target = new Target();
    private byte[] bytes = new byte[1024];
    private int at;
    private int hosts;
    private int codings; // what Transfer-Encoding names
    private boolean hasCoding;
    private boolean closes;
    private boolean asksToKeep;
    private boolean expectsOther;

    HeadParser(Limits limits) {
        this.limits = limits;
    }

    /// {@return the head that stands in `length` bytes from the position, valid until the next call}
    /// @throws HttpException if it is malformed
    Head parse(ByteBuffer source, int length) {
        if (bytes.length < length + Long.BYTES) {
            bytes = new byte[Math.max(length + Long.BYTES, 2 * bytes.length)];
        }
        source.get(source.position(), bytes, 0, length);
        reset(length);
        requestLine();
        int fieldsStart = at;
        while (bytes[at] != '\r') {
            field();
        }
        if (at - fieldsStart > limits.headerBytes()) {
            throw Head.tooLong(limits);
        }
        checkHost();
        checkFraming();
        return head;
    }

    private void reset(int length) {
        head.bytes = bytes;
        head.length = length;
        head.clearFields();
        head.contentLength = -1;
        head.chunked = false;
        head.expectsContinue = false;
        at = 0;
        hosts = 0;
        codings = 0;
        hasCoding = false;
        closes = false;
        asksToKeep = false;
        expectsOther = false;
    }

    private static HttpException bad(String detail) {
        return HttpException.ofInput(400, detail);
    }

    // ---- the request line

    private void requestLine() {
        int start = at;
        while (Ascii.isToken(bytes[at])) {
            at++;
        }
        if (at == start || bytes[at] != ' ') {
            throw bad("the request line must be: method, space, target, space, version");
        }
        head.method = method(start, at);
        at = target.parse(bytes, at + 1, head);
        version();
    }

    private Method method(int start, int end) {
        Method likely = likely(bytes[start], end - start);
        return Ascii.isExactly(likely.name(), bytes, start, end)
                ? likely
                : Method.of(new String(bytes, start, end - start, ISO_8859_1));
    }

    private static Method likely(byte first, int length) {
        return switch (first) {
            case 'H' -> Method.HEAD;
            case 'P' -> length == 4 ? Method.POST : length == 3 ? Method.PUT : Method.PATCH;
            case 'D' -> Method.DELETE;
            case 'O' -> Method.OPTIONS;
            default -> Method.GET;
        };
    }

    private void version() {
        int start = at;
        while (bytes[at] != '\r') {
            at++;
        }
        boolean wellFormed = at - start == 8
                && bytes[start] == 'H'
                && bytes[start + 1] == 'T'
                && bytes[start + 2] == 'T'
                && bytes[start + 3] == 'P'
                && bytes[start + 4] == '/'
                && Ascii.isDigit(bytes[start + 5])
                && bytes[start + 6] == '.'
                && Ascii.isDigit(bytes[start + 7]);
        if (!wellFormed) {
            throw bad("the request line must end with a version, such as HTTP/1.1");
        }
        head.minorVersion = bytes[start + 7] - '0';
        if (bytes[start + 5] != '1' || head.minorVersion > 1) {
            throw HttpException.ofInput(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        at += 2;
    }

    // ---- the fields

    private void field() {
        int nameStart = at;
        while (Ascii.isToken(bytes[at])) {
            at++;
        }
        int nameEnd = at;
        if (nameEnd == nameStart || bytes[nameEnd] != ':') {
            throw bad("a header field must be: name, colon, value, on one line");
        }
        at++;
        while (bytes[at] == ' ' || bytes[at] == '\t') {
            at++;
        }
        int valueStart = at;
        at = Ascii.lineEnd(bytes, at);
        if (at < 0) {
            throw bad("control character in a header field");
        }
        int valueEnd = at;
        while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
            valueEnd--;
        }
        at += 2;
        if (head.size() == limits.headerCount()) {
            throw HttpException.ofInput(
                    431, "there are more than " + limits.headerCount() + " header fields (limit headerCount)");
        }
        head.addField(nameStart, nameEnd, valueStart, valueEnd);
        understand(nameStart, nameEnd, valueStart, valueEnd);
    }

    /// Takes in the fields that say how the message and the connection go on.
    private void understand(int nameStart, int nameEnd, int start, int end) {
        switch (nameEnd - nameStart) {
            case 4 -> {
                if (Ascii.isSame("host", bytes, nameStart, nameEnd)) {
                    host(start, end);
                }
            }
            case 6 -> {
                if (Ascii.isSame("expect", bytes, nameStart, nameEnd)) {
                    expect(start, end);
                }
            }
            case 10 -> {
                if (Ascii.isSame("connection", bytes, nameStart, nameEnd)) {
                    elements(start, end, this::connectionOption);
                }
            }
            case 14 -> {
                if (Ascii.isSame("content-length", bytes, nameStart, nameEnd)) {
                    contentLength(start, end);
                }
            }
            case 17 -> {
                if (Ascii.isSame("transfer-encoding", bytes, nameStart, nameEnd)) {
                    hasCoding = true;
                    elements(start, end, this::coding);
                }
            }
            default -> {}
        }
    }

    private void host(int start, int end) {
        if (++hosts > 1) {
            throw bad("there must be one Host");
        }
        target.host(bytes, start, end, head);
    }

    private void expect(int start, int end) {
        if (Ascii.isSame("100-continue", bytes, start, end)) {
            head.expectsContinue = true;
        } else {
            expectsOther = true;
        }
    }

    private void contentLength(int start, int end) {
        if (head.contentLength >= 0) {
            throw bad("there must be one Content-Length");
        }
        if (end == start || end - start > 18) {
            throw bad("Content-Length must be 1 to 18 digits");
        }
        long length = 0;
        for (int i = start; i < end; i++) {
            if (!Ascii.isDigit(bytes[i])) {
                throw bad("Content-Length must be 1 to 18 digits");
            }
            length = 10 * length + bytes[i] - '0';
        }
        head.contentLength = length;
    }

    @FunctionalInterface
    private interface Element {
        void accept(int start, int end);
    }

    private void elements(int start, int end, Element each) {
        int from = start;
        while (from <= end) {
            int to = from;
            while (to < end && bytes[to] != ',') {
                to++;
            }
            int first = from;
            int last = to;
            while (first < last && (bytes[first] == ' ' || bytes[first] == '\t')) {
                first++;
            }
            while (last > first && (bytes[last - 1] == ' ' || bytes[last - 1] == '\t')) {
                last--;
            }
            each.accept(first, last);
            from = to + 1;
        }
    }

    private void connectionOption(int start, int end) {
        closes |= Ascii.isSame("close", bytes, start, end);
        asksToKeep |= Ascii.isSame("keep-alive", bytes, start, end);
    }

    private void coding(int start, int end) {
        if ((codings & CHUNKED_LAST) != 0) {
            codings |= CHUNKED_BEFORE;
        }
        codings = Ascii.isSame("chunked", bytes, start, end)
                ? codings | CHUNKED_LAST
                : (codings | OTHER_CODING) & ~CHUNKED_LAST;
    }

    // ---- what the fields mean together

    private void checkHost() {
        if (hosts == 0 && head.minorVersion == 1) {
            throw bad("there must be one Host");
        }
    }

    private void checkFraming() {
        if (hasCoding) {
            if (head.minorVersion == 0) {
                throw bad("HTTP/1.0 has no Transfer-Encoding");
            }
            if (head.contentLength >= 0) {
                throw bad("a message has Content-Length or Transfer-Encoding, not both");
            }
            if (codings == (CHUNKED_LAST | OTHER_CODING)) {
                throw HttpException.ofInput(501, "the only transfer coding known here is chunked");
            }
            if (codings != CHUNKED_LAST) {
                throw bad("Transfer-Encoding must end with chunked, once");
            }
            head.chunked = true;
        }
        head.keepsAlive = !closes && (head.minorVersion == 1 || asksToKeep);
        if (head.minorVersion == 0) {
            head.expectsContinue = false;
            checkLength();
        } else if (expectsOther) {
            throw HttpException.ofInput(417, "the only expectation known here is 100-continue");
        }
        if (head.method.equals(Method.CONNECT)) {
            throw HttpException.ofInput(501, "there are no tunnels here");
        }
    }

    /// Refuses what HTTP/1.0 has no end for (RFC 1945 §8.3 and §D.1.1).
    private void checkLength() {
        boolean wantsBody = head.method.equals(Method.POST) || head.method.equals(Method.PUT);
        if (wantsBody && head.contentLength < 0) {
            throw HttpException.ofInput(411, "with HTTP/1.0, POST and PUT have a Content-Length");
        }
    }

    /// Lets go of an array that an unusually long head made grow.
    void shrink() {
        if (bytes.length > 4096) {
            bytes = Arrays.copyOf(bytes, 1024);
            head.bytes = bytes;
        }
    }
}
