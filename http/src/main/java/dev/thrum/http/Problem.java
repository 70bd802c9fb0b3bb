package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Problem details (RFC 9457): the body of an answer that is an error.
final class Problem {
    static final String TYPE = "application/problem+json";

    private Problem() {}

    /// {@return the body; without a detail if it is empty}
    static byte[] body(int status, String detail) {
        var json = new StringBuilder("{\"type\":\"about:blank\",\"title\":");
        quote(json, Status.reason(status));
        json.append(",\"status\":").append(status);
        if (!detail.isEmpty()) {
            json.append(",\"detail\":");
            quote(json, detail);
        }
        return json.append("}\n").toString().getBytes(UTF_8);
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
