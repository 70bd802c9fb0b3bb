package dev.thrum.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A set of paths, written as a path with parameters.
///
/// ```
/// /                     that path
/// /photos/{id}          one segment, any text
/// /fib/{n:int}          one segment, a 32-bit number
/// /orders/{n:long}      one segment, a 64-bit number
/// /users/{id:uuid}      one segment, a UUID
/// /files/{rest:path}    all segments from here on, at least one
/// ```
///
/// Text is compared to the decoded path, case-sensitively. A segment that is not of the parameter's type does not match,
/// so that another route may. `/a` and `/a/` are different paths.
///
/// **Threads.** Immutable.
public final class PathPattern {
    private final String text;
    private final List<Segment> segments;
    private final List<String> names;
    private final List<Object> shape; // the segments without the names of parameters

    private PathPattern(String text, List<Segment> segments) {
        this.text = text;
        this.segments = segments;
        this.names = segments.stream()
                .filter(Segment.Parameter.class::isInstance)
                .map(segment -> ((Segment.Parameter) segment).name())
                .toList();
        this.shape = segments.stream()
                .<Object>map(segment -> segment instanceof Segment.Parameter(_, var type) ? type : segment)
                .toList();
    }

    /// {@return the pattern that `text` describes}
    /// @param text a path with parameters
    /// @throws IllegalArgumentException if `text` does not start with a slash, has an empty segment inside, `.` or `..`
    ///     as a segment, braces around something else than a whole segment, a name that is not a Java-like identifier or
    ///     stands twice, an unknown type, or a `path` parameter before the end
    public static PathPattern of(String text) {
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
        return new PathPattern(text, List.copyOf(segments));
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

    /// {@return the names of its parameters, in order}
    public List<String> names() {
        return names;
    }

    List<Segment> segments() {
        return segments;
    }

    boolean isExact() {
        return names.isEmpty();
    }

    /// {@return how exactly it says what it wants: patterns are asked in this order where several match one path}
    String rank() {
        StringBuilder rank = new StringBuilder();
        for (Segment segment : segments) {
            rank.append(
                    switch (segment) {
                        case Segment.Text _ -> '0';
                        case Segment.Parameter(_, var type) -> type.rank();
                    });
        }
        return rank.toString();
    }

    /// Two patterns are equal if they accept the same paths: the names of parameters do not count.
    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && shape.equals(pattern.shape);
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
