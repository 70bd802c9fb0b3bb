package dev.thrum.plugins;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Origins of web pages: scheme, host, and port if it is not the scheme's own (RFC 6454).
final class Origins {
    private static final Pattern ORIGIN = Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    private Origins() {}

    /// {@return the origins, in the form in which browsers send them}
    /// @throws IllegalArgumentException if one is none
    static Set<String> of(String... origins) {
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "an origin is written like https://app.example.org or http://localhost:8080: " + origin);
            }
        }
        return Set.of(origins);
    }

    /// {@return host and port of an origin; empty for `null`, and what is none}
    static String authority(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return ORIGIN.matcher(lower).matches() ? lower.substring(lower.indexOf("://") + 3) : "";
    }
}
