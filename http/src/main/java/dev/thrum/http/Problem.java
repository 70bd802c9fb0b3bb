package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/// Problem details (RFC 9457): the body of an answer that is an error.
final class Problem {
    static final String TYPE = "application/problem+json";

    private Problem() {}

    /// {@return the body; without a detail if it is empty}
    static byte[] body(int status, String detail, @Nullable HttpException origin) {
        var json = new StringBuilder("{\"type\":\"about:blank\",\"title\":");
        quote(json, Status.reason(status));
        json.append(",\"status\":").append(status);
        if (!detail.isEmpty()) {
            json.append(",\"detail\":");
            quote(json, detail);
        }
        if (origin != null) {
            errors(json, origin);
        }
        return json.append("}\n").toString().getBytes(UTF_8);
    }

    private static void errors(StringBuilder json, HttpException origin) {
        int before = json.length();
        origin.forEachError((pointer, detail) -> {
            json.append(json.length() == before ? ",\"errors\":[" : ",").append("{\"pointer\":");
            quote(json, pointer);
            json.append(",\"detail\":");
            quote(json, detail);
            json.append('}');
        });
        if (json.length() > before) {
            json.append(']');
        }
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>' || c == '&' || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
