package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What stands at the start of a part of a form.
/// @param name of the field
/// @param fileName if it is a file, without directories; may be empty
/// @param type of the content
record PartHead(String name, Optional<String> fileName, String type) {
    private static final int MOST_LINES = 16;

    /// {@return what the lines say}
    /// @param lines in Latin-1, each byte a character
    static PartHead parse(String lines) {
        String disposition = null;
        String type = "text/plain";
        String[] all = lines.split("\r\n", MOST_LINES + 1);
        if (all.length > MOST_LINES) {
            throw new HttpException(413, "the head of a part has more than " + MOST_LINES + " lines (limit partHead)");
        }
        for (String line : all) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
                throw new HttpException(400, "the head of a part has lines of a name, a colon and a value");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> disposition = once(disposition, value);
                case "content-type" -> type = value;
                case "content-transfer-encoding" -> checkEncoding(value);
                default -> {} // RFC 7578 §4.8: to be ignored
            }
        }
        return of(disposition, type);
    }

    private static String once(@Nullable String before, String value) {
        if (before != null) {
            throw new HttpException(400, "a part has one Content-Disposition");
        }
        return value;
    }

    private static void checkEncoding(String value) {
        if (!value.toLowerCase(Locale.ROOT).matches("7bit|8bit|binary")) {
            throw new HttpException(415, "the content of a part is sent as it is, not in base64 or the like");
        }
    }

    private static PartHead of(@Nullable String disposition, String type) {
        int semicolon = disposition == null ? -1 : disposition.indexOf(';');
        if (disposition == null || semicolon < 0 || !disposition.substring(0, semicolon).strip().equalsIgnoreCase("form-data")) {
            throw new HttpException(400, "a part of a form has a Content-Disposition of form-data, with a name");
        }
        String name = parameter(disposition, semicolon, "name")
                .orElseThrow(() -> new HttpException(400, "a part of a form has a name"));
        return new PartHead(name, parameter(disposition, semicolon, "filename").map(PartHead::base), type);
    }

    /// {@return the value of a parameter that stands there once}
    private static Optional<String> parameter(String text, int start, String wanted) {
        String found = null;
        int at = start;
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name = text.substring(at + 1, equals).strip();
            int from = equals + 1;
            boolean quoted = from < text.length() && text.charAt(from) == '"';
            int end = quoted ? closing(text, from + 1) : Math.max(from, semicolon(text, from));
            if (name.equalsIgnoreCase(wanted)) {
                if (found != null) {
                    throw new HttpException(400, "a part has one " + wanted);
                }
                found = quoted ? unquoted(text.substring(from + 1, end)) : text.substring(from, end).strip();
            }
            at = semicolon(text, quoted ? end + 1 : end);
        }
        return Optional.ofNullable(found).map(PartHead::utf8);
    }

    private static int semicolon(String text, int from) {
        int semicolon = text.indexOf(';', from);
        return semicolon < 0 ? text.length() : semicolon;
    }

    private static int closing(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                return at;
            }
            if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                at++; // an escaped quote; other backslashes are themselves, as old browsers send them
            }
        }
        throw new HttpException(400, "a quoted value has a quote at its end");
    }

    private static String unquoted(String text) {
        return text.replace("\\\"", "\"").replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    }

    private static String utf8(String latin) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(latin.getBytes(ISO_8859_1))).toString();
        } catch (CharacterCodingException malformed) {
            throw new HttpException(400, "the names in a form must be UTF-8", malformed);
        }
    }

    /// {@return the last part of a path of any system, without control characters}
    private static String base(String path) {
        String base = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        String plain = base.replaceAll("\\p{Cntrl}", "");
        return plain.equals(".") || plain.equals("..") ? "" : plain;
    }

    boolean isText() {
        String charset = MediaType.parse(type).parameter("charset").orElse("utf-8");
        return charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii");
    }
}
