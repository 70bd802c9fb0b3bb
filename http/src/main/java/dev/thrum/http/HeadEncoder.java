package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/// Writes the head of an answer into an array that it fills again and again.
final class HeadEncoder {
    private static final byte[] PLAIN_TEXT = latin1("Content-Type: text/plain; charset=utf-8\r\n");
    private static final byte[] BINARY = latin1("Content-Type: application/octet-stream\r\n");
    private static final byte[] LENGTH = latin1("Content-Length: ");
    private static final byte[] CHUNKED = latin1("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = latin1("Connection: close\r\n");
    private static final byte[] KEEP = latin1("Connection: keep-alive\r\n");

    /// What the body is, as far as the head tells.
    enum Content {
        TEXT,
        BYTES,
        /// Of a type that the headers name, or none.
        OTHER
    }

    private byte[] bytes = new byte[512];
    private int length;

    private static byte[] latin1(String text) {
        return text.getBytes(ISO_8859_1);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /// Starts a head.
    void start(int status, byte[] date, Fields fields) {
        length = 0;
        put(Status.line(status));
        if (fields.size() == 0) {
            put(date);
            return;
        }
        if (!fields.has("Date")) {
            put(date);
        }
        for (int i = 0; i < fields.size(); i++) {
            put(fields.name(i));
            put(": ");
            put(fields.value(i));
            put("\r\n");
        }
    }

    /// Writes the interim answer that says what the final one will need.
    void startHints(String[] links) {
        length = 0;
        put(Status.EARLY_HINTS);
        for (String link : links) {
            put("Link: ");
            put(link);
            end();
        }
        end();
    }

    void contentType(Content content) {
        if (content == Content.TEXT) {
            put(PLAIN_TEXT);
        } else if (content == Content.BYTES) {
            put(BINARY);
        }
    }

    void contentLength(long number) {
        put(LENGTH);
        decimal(number);
        put("\r\n");
    }

    void chunked() {
        put(CHUNKED);
    }

    /// Says how the connection goes on, where that is not the version's default.
    void connection(boolean closes, int minorVersion) {
        if (closes) {
            put(CLOSE);
        } else if (minorVersion == 0) {
            put(KEEP);
        }
    }

    void end() {
        put("\r\n");
    }

    /// Adds a small body behind the head.
    void append(byte[] body) {
        put(body);
    }

    /// Adds a small body of ASCII characters.
    void append(String body) {
        put(body);
    }

    /// Starts over with the line before a chunk.
    void startChunk(int size) {
        length = 0;
        put(Integer.toHexString(size));
        put("\r\n");
    }

    /// Starts over with nothing.
    void clear() {
        length = 0;
    }

    /// Starts over with the line break after a chunk.
    void lineBreak() {
        length = 0;
        end();
    }

    private void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    @SuppressWarnings("deprecation") // cuts characters to bytes, without an object; the text was checked to be Latin-1
    private void put(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    private void decimal(long number) {
        reserve(20);
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
