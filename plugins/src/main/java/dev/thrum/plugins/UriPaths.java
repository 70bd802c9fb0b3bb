package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Writes paths and texts into URIs, and into pages.
final class UriPaths {
    private static final String PLAIN = "/-._~!$&'()*+,;=:@"; // RFC 3986 §3.3, besides letters and digits
    private static final String TOKEN = "!#$&+-.^_`|~"; // RFC 8187 §3.2.1, besides letters and digits
    private static final String HEX = "0123456789ABCDEF";

    private UriPaths() {}

    /// {@return `path` with everything percent-encoded that may not stand in the path of a URI}
    static String encoded(String path) {
        return encoded(path, PLAIN);
    }

    /// {@return `text` as the value of an extended parameter}
    static String token(String text) {
        return encoded(text, TOKEN);
    }

    private static String encoded(String text, String plain) {
        var uri = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || plain.indexOf(c) >= 0)) {
                uri.append(c);
            } else {
                uri.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return uri.toString();
    }
}
