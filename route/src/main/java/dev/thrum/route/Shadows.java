package dev.thrum.route;

import dev.thrum.http.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds routes that are never asked unless another one passes.
final class Shadows {
    /*
     * A route is in the shadow of one that is asked before it and answers everything that it would. Among equal
     * priorities the more exact pattern is asked first, and the more exact never covers the less exact: so only routes of
     * a higher priority need to be compared with all, others with those of the same pattern. Most applications have one
     * priority, so this is fast for ten thousand routes.
     */
    private Shadows() {}

    /// {@return the routes in the shadow of another}
    /// @param ranked all routes, in the order they are asked
    static <T> List<Routes.Shadow<T>> of(List<Route<T>> ranked) {
        List<Routes.Shadow<T>> shadows = new ArrayList<>();
        int above = 0; // routes of a higher priority
        int alike = 0; // where those of the same priority and pattern start
        for (int i = 0; i < ranked.size(); i++) {
            Route<T> route = ranked.get(i);
            if (i > 0 && ranked.get(i - 1).priority() != route.priority()) {
                above = i;
            }
            if (i > 0 && !isAlike(ranked.get(i - 1), route)) {
                alike = i;
            }
            Route<T> higher = first(ranked.subList(0, above), route);
            Route<T> by = higher == null ? first(ranked.subList(alike, i), route) : higher;
            if (by != null) {
                shadows.add(new Routes.Shadow<>(route, by));
            }
        }
        return List.copyOf(shadows);
    }

    private static boolean isAlike(Route<?> one, Route<?> other) {
        return one.priority() == other.priority() && one.pattern().equals(other.pattern());
    }

    private static <T> @Nullable Route<T> first(List<Route<T>> before, Route<T> route) {
        for (Route<T> each : before) {
            if (covers(each, route)) {
                return each;
            }
        }
        return null;
    }

    private static boolean covers(Route<?> wide, Route<?> narrow) {
        return coversMethods(wide.methods(), narrow.methods())
                && (wide.host().isEmpty() || narrow.host().filter(wide::answers).isPresent())
                && covers(wide.pattern(), narrow.pattern());
    }

    private static boolean coversMethods(Set<Method> wide, Set<Method> narrow) {
        return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
    }

    private static boolean covers(PathPattern wide, PathPattern narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        if (wide instanceof Template template) {
            return narrow instanceof Template other && covers(template, other);
        }
        Expression expression = (Expression) wide;
        return expression.toString().matches("~/?\\.\\*")
                || (narrow instanceof Template other && other.isExact() && expression.match(other.toString()) != null);
    }

    private static boolean covers(Template wide, Template narrow) {
        if (narrow.ignoresCase() && !wide.ignoresCase()) {
            return false;
        }
        List<Segment> wider = wide.segments();
        List<Segment> narrower = narrow.segments();
        for (int i = 0; i < wider.size(); i++) {
            Segment segment = wider.get(i);
            if (i >= narrower.size()) {
                return false;
            }
            if (segment instanceof Segment.Parameter(_, var type) && type == Segment.Type.PATH) {
                return !narrower.get(i).equals(new Segment.Text(""));
            }
            if (!covers(segment, narrower.get(i), wide.ignoresCase())) {
                return false;
            }
        }
        return wider.size() == narrower.size();
    }

    private static boolean covers(Segment wide, Segment narrow, boolean ignoringCase) {
        if (narrow instanceof Segment.Text(var text)) {
            return wide instanceof Segment.Text(var wanted)
                    ? (ignoringCase ? wanted.equalsIgnoreCase(text) : wanted.equals(text))
                    : ((Segment.Parameter) wide).type().accepts(text, 0, text.length());
        }
        return wide instanceof Segment.Parameter(_, var type) && type.covers(((Segment.Parameter) narrow).type());
    }
}
