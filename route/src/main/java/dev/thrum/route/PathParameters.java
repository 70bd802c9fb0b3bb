package dev.thrum.route;

import dev.thrum.http.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parameters of a path that is known to match a pattern.
record PathParameters(List<String> names, List<String> values) implements Parameters {
    static final Parameters NONE = new PathParameters(List.of(), List.of());

    static Parameters of(PathPattern pattern, String path) {
        if (pattern.isExact()) {
            return NONE;
        }
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int from = 1;
        for (Segment segment : pattern.segments()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            if (segment instanceof Segment.Parameter(var name, var type)) {
                names.add(name);
                values.add(type == Segment.Type.PATH ? path.substring(from) : path.substring(from, end));
            }
            from = end + 1;
        }
        return new PathParameters(names, values);
    }

    @Override
    public Optional<String> get(String name) {
        int index = names.indexOf(name);
        return index < 0 ? Optional.empty() : Optional.of(values.get(index));
    }
}
