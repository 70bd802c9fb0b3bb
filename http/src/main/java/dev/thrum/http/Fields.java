package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;

/// The header fields of an answer: names and values that were checked when they came in, in the order they came.
final class Fields {
    private static final String[] NO_LINES = {};

    /// No fields; not to be changed.
    static final Fields NONE = new Fields();

    private String[] lines = NO_LINES; // name, value, name, value …
    private int length;

    /// Checks a field that is to be sent. Nothing that could end a line gets past (response splitting).
    static void check(String name, String value) {
        if (!Ascii.isToken(requireNonNull(name, "name"))) {
            throw new IllegalArgumentException("a header name is a token of RFC 9110: " + quoted(name));
        }
        if (!Ascii.isText(requireNonNull(value, "value"))) {
            throw new IllegalArgumentException("a header value is one line of Latin-1 without control characters: "
                    + name + ": " + quoted(value));
        }
        if (name.equalsIgnoreCase("Transfer-Encoding")
                || (name.equalsIgnoreCase("Connection") && !value.equalsIgnoreCase("close"))) {
            throw new IllegalArgumentException(
                    name + " is the connection's business (Connection: close may be asked for): " + quoted(value));
        }
        if (name.equalsIgnoreCase("Content-Length") && !isLength(value)) {
            throw new IllegalArgumentException("Content-Length must be 1 to 18 digits: " + quoted(value));
        }
    }

    private static boolean isLength(String value) {
        return !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(Ascii::isDigit);
    }

    /// {@return `text`, cut short, with everything escaped that is not plain}
    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().limit(80).forEach(c -> {
            if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    int size() {
        return length / 2;
    }

    String name(int index) {
        return lines[2 * index];
    }

    String value(int index) {
        return lines[2 * index + 1];
    }

    void add(String name, String value) {
        if (length == lines.length) {
            lines = Arrays.copyOf(lines, Math.max(4, 2 * length));
        }
        lines[length++] = name;
        lines[length++] = value;
    }

    void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    void remove(String name) {
        int kept = 0;
        for (int i = 0; i < length; i += 2) {
            if (!lines[i].equalsIgnoreCase(name)) {
                lines[kept++] = lines[i];
                lines[kept++] = lines[i + 1];
            }
        }
        length = kept;
    }

    boolean has(String name) {
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    Optional<String> first(String name) {
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                return Optional.of(lines[i + 1]);
            }
        }
        return Optional.empty();
    }
}
