package dev.thrum.plugins;

import dev.thrum.http.Request;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The type of a body, as `Content-Type` says it (RFC 9110 §8.3).
/// @param essence type and subtype, in lower case
/// @param parameters by their names, in lower case
record MediaType(String essence, Map<String, String> parameters) {

    static Optional<MediaType> of(Request request) {
        return request.header("Content-Type").map(MediaType::parse);
    }

    /// {@return what `text` says; of several parameters of a name the first}
    static MediaType parse(String text) {
        int semicolon = text.indexOf(';');
        String essence = (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        return new MediaType(essence, semicolon < 0 ? Map.of() : parameters(text, semicolon + 1));
    }

    /// {@return the parameters from `from` on: names with tokens or quoted strings, with semicolons between them}
    static Map<String, String> parameters(String text, int from) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = from;
        int equals = text.indexOf('=', at); // the next one, which is not looked for again at each semicolon before it
        while (at < text.length() && equals >= 0) {
            int semicolon = text.indexOf(';', at);
            if (semicolon >= 0 && semicolon < equals) {
                at = semicolon + 1; // a name without a value
                continue;
            }
            String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            var value = new StringBuilder();
            at = value(text, equals + 1, value);
            parameters.putIfAbsent(name, value.toString());
            equals = text.indexOf('=', Math.min(at, text.length()));
        }
        return parameters;
    }

    /// Reads a value.
    /// @return where the next parameter begins
    private static int value(String text, int from, StringBuilder value) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            at = quoted(text, at + 1, value);
            int semicolon = text.indexOf(';', at);
            return semicolon < 0 ? text.length() : semicolon + 1;
        }
        int semicolon = text.indexOf(';', at);
        int end = semicolon < 0 ? text.length() : semicolon;
        value.append(text.substring(at, end).strip());
        return end + 1;
    }

    private static int quoted(String text, int from, StringBuilder value) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        return at + 1;
    }

    boolean is(String other) {
        return essence.equals(other);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }
}
