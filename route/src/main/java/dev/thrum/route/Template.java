package dev.thrum.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A pattern that is written as a path with parameters.
final class Template implements PathPattern {
    private final String text;
    private final List<Segment> segments;
    private final List<String> names;
    private final List<Object> shape; // the segments without the names of parameters

    private final boolean ignoresCase;

    private Template(String text, List<Segment> segments, boolean ignoresCase) {
        this.text = text;
        this.ignoresCase = ignoresCase;
        this.segments = segments;
        List<String> named = new ArrayList<>();
        List<Object> shaped = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            if (segment instanceof Segment.Parameter parameter) {
                named.add(parameter.name());
            }
            shaped.add(shape(segment, ignoresCase));
        }
        this.names = List.copyOf(named);
        this.shape = List.copyOf(shaped);
    }

    // What every server does before its first answer, here and in other rooms, is done without switches over types, streams, and the
    // hash code that a record links for itself: the first of each costs a start some ten milliseconds.
    private static Object shape(Segment segment, boolean ignoresCase) {
        if (segment instanceof Segment.Parameter(_, var type)) {
            return type;
        }
        return ignoresCase && segment instanceof Segment.Text(var part)
                ? part.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)
                : segment;
    }

    static Template of(String text) {
        if (!text.startsWith("/")) {
            throw wrong("must start with a slash", text);
        }
        String[] parts = text.substring(1).split("/", -1);
        List<Segment> segments = new ArrayList<>(parts.length);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            Segment segment = segment(parts[i], last, text);
            if (segment instanceof Segment.Parameter parameter && !names.add(parameter.name())) {
                throw wrong("must not name {" + parameter.name() + "} twice", text);
            }
            segments.add(segment);
        }
        return new Template(text, List.copyOf(segments), false);
    }

    private static Segment segment(String part, boolean last, String text) {
        if (part.isEmpty() && !last) {
            throw wrong("must not have an empty segment", text);
        }
        if (part.equals(".") || part.equals("..")) {
            throw wrong("must not have . or .. as a segment, which no canonical path has", text);
        }
        if (!part.startsWith("{") || !part.endsWith("}")) {
            if (part.contains("{") || part.contains("}")) {
                throw wrong("must have braces around whole segments only", text);
            }
            return new Segment.Text(part);
        }
        int colon = part.indexOf(':');
        String name = part.substring(1, colon < 0 ? part.length() - 1 : colon);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw wrong("must name parameters with letters, digits and _: {" + name + "}", text);
        }
        Segment.Type type = colon < 0 ? Segment.Type.ANY : type(part.substring(colon + 1, part.length() - 1), text);
        if (type == Segment.Type.PATH && !last) {
            throw wrong("must have a path parameter only at its end", text);
        }
        return new Segment.Parameter(name, type);
    }

    private static Segment.Type type(String name, String text) {
        for (Segment.Type type : Segment.Type.values()) {
            if (type.label().equals(name)) {
                return type;
            }
        }
        throw wrong("has the unknown type " + name + " (known: int, long, uuid, path)", text);
    }

    private static IllegalArgumentException wrong(String rule, String text) {
        return new IllegalArgumentException("a path pattern " + rule + ": \"" + text + '"');
    }

    @Override
    public Template ignoringCase() {
        return new Template(text, segments, true);
    }

    @Override
    public boolean ignoresCase() {
        return ignoresCase;
    }

    @Override
    public List<String> names() {
        return names;
    }

    List<Segment> segments() {
        return segments;
    }

    /// {@return whether it means one path only, letter by letter}
    boolean isExact() {
        return names.isEmpty() && !ignoresCase;
    }

    /// {@return how exactly it says what it wants: patterns are asked in this order where several match one path}
    String rank() {
        StringBuilder rank = new StringBuilder();
        for (Segment segment : segments) {
            rank.append(segment instanceof Segment.Parameter(_, var type) ? type.rank() : '0');
        }
        return rank.toString();
    }

    /// Two patterns are equal if they accept the same paths: the names of parameters do not count.
    @Override
    public boolean equals(Object other) {
        return other instanceof Template pattern
                && ignoresCase == pattern.ignoresCase
                && shape.equals(pattern.shape);
    }

    @Override
    public int hashCode() {
        return shape.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
