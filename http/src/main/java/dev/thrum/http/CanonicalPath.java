package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Brings a path into its one canonical form, so that whoever decides by it and whoever acts on it see the same.
final class CanonicalPath {
    private CanonicalPath() {}

    /// {@return the path, decoded, then without `.`, `..` and empty segments}
    /// @throws HttpException with status 400 if it is not well-formed UTF-8, or hides a slash, a backslash or a control
    ///     character, or leaves the root
    static String of(byte[] bytes, int start, int end) {
        return resolve(decode(bytes, start, end));
    }

    private static String decode(byte[] bytes, int start, int end) {
        byte[] decoded = new byte[end - start];
        int length = 0;
        for (int at = start; at < end; at++) {
            byte b = bytes[at];
            if (b == '%') {
                b = escaped(bytes, at, end);
                at += 2;
            }
            decoded[length++] = b;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded, 0, length)).toString();
        } catch (CharacterCodingException malformed) {
            throw HttpException.ofInput(400, "the path must be UTF-8");
        }
    }

    private static byte escaped(byte[] bytes, int at, int end) {
        int high = at + 2 < end ? Ascii.hex(bytes[at + 1]) : -1;
        int low = at + 2 < end ? Ascii.hex(bytes[at + 2]) : -1;
        if (high < 0 || low < 0) {
            throw HttpException.ofInput(400, "a percent sign must be followed by two hexadecimal digits");
        }
        int b = high << 4 | low;
        if (b < ' ' || b == 0x7f || b == '/' || b == '\\') {
            throw HttpException.ofInput(400, "slash, backslash and control characters may not be hidden in a path");
        }
        return (byte) b;
    }

    private static String resolve(String path) {
        Deque<String> segments = new ArrayDeque<>();
        String last = "";
        for (String segment : path.split("/", -1)) {
            last = segment;
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    throw HttpException.ofInput(400, "the path leads out of the root");
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        boolean isDirectory = last.isEmpty() || last.equals(".") || last.equals("..");
        String joined = "/" + String.join("/", segments);
        return isDirectory && !segments.isEmpty() ? joined + "/" : joined;
    }
}
