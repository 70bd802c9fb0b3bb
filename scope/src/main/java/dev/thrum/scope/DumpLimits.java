package dev.thrum.scope;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies what was seen into maps, lists, texts, numbers and booleans that nobody can change, no more of it than fits.
final class DumpLimits {
    static final int ITEMS = 1_000;
    static final int TEXT = 2_000;
    private static final int ALL = 4 << 20;
    private static final int DEPTH = 10;

    private int left = ALL; // characters

    Map<String, Object> of(Map<?, ?> map) {
        return map(map, DEPTH);
    }

    private Object value(@Nullable Object value, int depth) {
        return switch (value) {
            case Map<?, ?> map when depth > 0 -> map(map, depth - 1);
            case Iterable<?> items when depth > 0 -> list(items, depth - 1);
            case Boolean bool -> bool;
            case Long whole -> counted(whole);
            case Integer whole -> counted(whole);
            case Double real when !real.isInfinite() && !real.isNaN() -> counted(real);
            case null, default -> text(value);
        };
    }

    private Number counted(Number number) {
        left -= 8;
        return number;
    }

    private Map<String, Object> map(Map<?, ?> map, int depth) {
        Map<String, Object> copy = new LinkedHashMap<>();
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext() && copy.size() < ITEMS && left > 0) {
            Map.Entry<?, ?> entry = entries.next();
            copy.put(text(entry.getKey()), value(entry.getValue(), depth));
        }
        if (entries.hasNext()) {
            copy.put("…", (map.size() - copy.size()) + " more");
        }
        return Collections.unmodifiableMap(copy);
    }

    private List<Object> list(Iterable<?> items, int depth) {
        List<Object> copy = new ArrayList<>();
        int count = 0;
        for (Object item : items) {
            if (count++ < ITEMS && left > 0) {
                copy.add(value(item, depth));
            }
        }
        if (count > copy.size()) {
            copy.add("… and " + (count - copy.size()) + " more");
        }
        return Collections.unmodifiableList(copy);
    }

    private String text(@Nullable Object value) {
        String text;
        try {
            text = String.valueOf(value);
        } catch (RuntimeException | Error problem) {
            text = "something whose name throws " + problem.getClass().getName();
        }
        if (text.length() > TEXT) {
            text = text.substring(0, TEXT) + "… and " + (text.length() - TEXT) + " more";
        }
        left -= text.length() + 4;
        return text;
    }
}
