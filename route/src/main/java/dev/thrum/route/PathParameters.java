package dev.thrum.route;

import dev.thrum.http.Parameters;
import java.util.List;
import java.util.Optional;

/// The parameters of a path that is known to match a pattern. Cut out when somebody asks for them.
record PathParameters(Template pattern, String path) implements Parameters {
    static final Parameters NONE = new PathParameters(Template.of("/"), "/");

    static Parameters of(Template pattern, String path) {
        return pattern.names().isEmpty() ? NONE : new PathParameters(pattern, path);
    }

    @Override
    public List<String> names() {
        return pattern.names();
    }

    @Override
    public Optional<String> get(String name) {
        int from = 1;
        for (Segment segment : pattern.segments()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            if (segment instanceof Segment.Parameter(var each, var type) && each.equals(name)) {
                return Optional.of(path.substring(from, type == Segment.Type.PATH ? path.length() : end));
            }
            from = end + 1;
        }
        return Optional.empty();
    }
}
