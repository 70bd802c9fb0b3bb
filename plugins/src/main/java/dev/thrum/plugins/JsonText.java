package dev.thrum.plugins;

/// Writes texts into JSON (RFC 8259), so that they stay on one line, and harmless inside a page, too.
final class JsonText {
    private JsonText() {}

    static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == '<' || c == '>' || c == '&' || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
