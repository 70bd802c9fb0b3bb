package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/// Reads what browsers make of a form: `application/x-www-form-urlencoded`, in UTF-8 (WHATWG URL §5.1). Unlike them, it refuses
/// what is not well-formed.
final class UrlEncoded {
    private UrlEncoded() {}

    /// {@return the variables in `text`}
    /// @param most how many there may be
    /// @param tooMany the status of the answer if there are more
    /// @throws HttpException if there are more; with status 400 if an escape is none, or not UTF-8
    static Variables parse(String text, int most, int tooMany) {
        var variables = new Variables.Builder();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            if (end > from) {
                if (variables.size() == most) {
                    throw new HttpException(tooMany, "there are more than " + most + " variables (limit fields)");
                }
                int equals = text.indexOf('=', from, end);
                boolean named = equals >= 0;
                String name = decode(text, from, named ? equals : end);
                variables.add(name, named ? decode(text, equals + 1, end) : "");
            }
            from = end + 1;
        }
        return variables.build();
    }

    private static String decode(String text, int from, int end) {
        int at = from;
        while (at < end && isPlain(text.charAt(at))) {
            at++;
        }
        return at == end ? text.substring(from, end) : decodeEscaped(text, from, end);
    }

    private static boolean isPlain(char c) {
        return c != '+' && c != '%' && c < 0x80;
    }

    private static String decodeEscaped(String text, int from, int end) {
        ByteBuffer bytes = ByteBuffer.allocate(3 * (end - from));
        for (int at = from; at < end; at++) {
            char c = text.charAt(at);
            if (c == '%') {
                bytes.put(escaped(text, at, end));
                at += 2;
            } else if (c == '+') {
                bytes.put((byte) ' ');
            } else if (c < 0x80) {
                bytes.put((byte) c);
            } else {
                throw new HttpException(400, "a form is written in ASCII, with everything else percent-encoded");
            }
        }
        try {
            return UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException malformed) {
            throw new HttpException(400, "a form must be UTF-8", malformed);
        }
    }

    private static byte escaped(String text, int at, int end) {
        int high = at + 2 < end ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < end ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new HttpException(400, "a percent sign must be followed by two hexadecimal digits");
        }
        return (byte) (high << 4 | low);
    }
}
