package dev.thrum.examples.photos;

import java.util.List;

/// Writes a JSON object (RFC 8259).
///
/// ```java
/// new Json().with("worker", 1).with("category", "fib").toString();      // {"worker":1,"category":"fib"}
/// ```
final class Json {
    static final String CONTENT_TYPE = "application/json";

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder("{");

    Json with(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    Json with(String name, long value) {
        name(name).append(value);
        return this;
    }

    Json with(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    Json with(String name, Json value) {
        name(name).append(value);
        return this;
    }

    Json with(String name, List<Json> values) {
        name(name).append('[');
        String separator = "";
        for (Json value : values) {
            text.append(separator).append(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    private StringBuilder name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(name);
        return text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                        escape(c);
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /// Half a surrogate pair would not survive UTF-8, so pairs are escaped too.
    private void escape(char c) {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.append(HEX[c >> shift & 15]);
        }
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
