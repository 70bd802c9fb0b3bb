package dev.thrum.scope;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes what [DumpLimits] has left.
final class DumpText {
    private final StringBuilder out = new StringBuilder();

    private DumpText() {}

    static String json(Map<String, Object> content) {
        DumpText text = new DumpText();
        text.json(content, "\n");
        return text.out.append('\n').toString();
    }

    static String plain(Map<String, Object> content) {
        DumpText text = new DumpText();
        content.forEach(text::section);
        return text.out.toString();
    }

    // ---- JSON

    private void json(@Nullable Object value, String line) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append(line).append(' ');
                    quote(String.valueOf(entry.getKey()));
                    out.append(": ");
                    json(entry.getValue(), line + " ");
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : line + "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    out.append(separator).append(line).append(' ');
                    json(item, line + " ");
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : line + "]");
            }
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            case null, default -> quote(String.valueOf(value));
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || isLone(text, i)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /// {@return whether there is half of a character, which UTF-8 has no bytes for}
    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    // ---- for people

    private void section(String name, Object value) {
        switch (name) {
            case "process" -> out.append("process");
            case "waits" -> out.append("\nwho waits for whom");
            default -> out.append('\n').append(line(name));
        }
        entry(value, "  ");
    }

    private void entry(@Nullable Object value, String indent) {
        switch (value) {
            case Map<?, ?> map when map.isEmpty() -> out.append(": nothing\n");
            case List<?> list when list.isEmpty() -> out.append(": none\n");
            case Map<?, ?> map -> {
                out.append('\n');
                map.forEach((key, each) -> {
                    out.append(indent).append(line(key));
                    entry(each, indent + "  ");
                });
            }
            case List<?> list -> {
                out.append(" (").append(list.size()).append(")\n");
                list.forEach(item -> item(item, indent));
            }
            case null, default -> out.append(": ").append(line(value)).append('\n');
        }
    }

    private void item(@Nullable Object item, String indent) {
        if (!(item instanceof Map<?, ?> map) || map.isEmpty()) {
            out.append(indent).append(line(item)).append('\n');
        } else if (map.size() == 2 && map.containsKey("who") && map.containsKey("for")) {
            out.append(indent).append(line(map.get("who"))).append("  ->  ").append(line(map.get("for"))).append('\n');
        } else {
            String start = indent + "- ";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(start).append(line(entry.getKey()));
                entry(entry.getValue(), indent + "    ");
                start = indent + "  ";
            }
        }
    }

    /// {@return a text that stays on its line, and does nothing to a terminal}
    private static String line(@Nullable Object value) {
        return String.valueOf(value).replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "�");
    }
}
