package dev.thrum.route;

import dev.thrum.http.Method;
import dev.thrum.http.Parameters;
import dev.thrum.route.Routes.Found;
import dev.thrum.route.Routes.NotAllowed;
import dev.thrum.route.Routes.NotFound;
import dev.thrum.route.Routes.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The index behind [Routes].
final class Index<T> {
    /*
     * Two levels. Paths without parameters are looked up whole in a map: most requests end there, and where just one
     * route can answer, its outcome was made in advance. All else walks a tree with a level for each segment; at a node
     * the children are the texts (a map) and the types of parameters (at most five). The walk collects every route whose
     * path matches, in no particular order, and the few it finds are put into order by the rank that each route was given
     * when the index was built.
     */
    private final NotFound<T> notFound = new NotFound<>();
    private final Map<String, Whole<T>> exact = new HashMap<>();
    private final Node<T> root = new Node<>();

    Index(List<Route<T>> routes) {
        Comparator<Route<T>> order = Comparator.<Route<T>>comparingInt(route -> -route.priority())
                .thenComparing(route -> route.pattern().rank())
                .thenComparing(route -> route.host().isEmpty())
                .thenComparing(route -> route.method().isEmpty());
        List<Route<T>> ranked = new ArrayList<>(routes);
        ranked.sort(order);
        for (int rank = 0; rank < ranked.size(); rank++) {
            add(new Leaf<>(ranked.get(rank), rank, notFound));
        }
        exact.replaceAll((path, whole) -> new Whole<>(whole.leaves, treeMatches(path).isEmpty()));
    }

    /// The routes for one path as a whole, and whether the tree has none for it.
    private record Whole<T>(List<Leaf<T>> leaves, boolean alone) {}

    /// A route, and its place in the order of all.
    private static final class Leaf<T> {
        final Route<T> route;
        final int rank;
        final Found<T> alone; // the outcome when there is no parameter and nobody else to ask

        Leaf(Route<T> route, int rank, NotFound<T> otherwise) {
            this.route = route;
            this.rank = rank;
            this.alone = new Found<>(route, PathParameters.NONE, otherwise);
        }

        boolean isFor(Method method) {
            return route.method().isEmpty() || route.method().get().equals(method);
        }
    }

    /// The routes and the ways on behind one prefix.
    private static final class Node<T> {
        final Map<String, Node<T>> texts = new HashMap<>();
        final Map<Segment.Type, Node<T>> parameters = new EnumMap<>(Segment.Type.class);
        final List<Leaf<T>> leaves = new ArrayList<>();
    }

    private void add(Leaf<T> leaf) {
        PathPattern pattern = leaf.route.pattern();
        if (pattern.isExact()) {
            exact.computeIfAbsent(pattern.toString(), path -> new Whole<>(new ArrayList<>(), false))
                    .leaves
                    .add(leaf);
            return;
        }
        Node<T> node = root;
        for (Segment segment : pattern.segments()) {
            node = switch (segment) {
                case Segment.Text(var text) -> node.texts.computeIfAbsent(text, key -> new Node<>());
                case Segment.Parameter(_, var type) -> node.parameters.computeIfAbsent(type, key -> new Node<>());
            };
        }
        node.leaves.add(leaf);
    }

    Outcome<T> find(Method method, String host, String path) {
        Whole<T> whole = exact.get(path);
        if (whole != null && whole.alone) {
            Leaf<T> only = onlyOne(whole.leaves, method, host);
            if (only != null) {
                return only.alone;
            }
        }
        List<Leaf<T>> candidates = treeMatches(path);
        if (whole != null) {
            candidates.addAll(whole.leaves);
        }
        candidates.removeIf(leaf -> !leaf.route.answers(host));
        if (candidates.isEmpty()) {
            return notFound;
        }
        Outcome<T> outcome = choose(candidates, method, path);
        if (outcome == notFound && method.equals(Method.HEAD)) {
            outcome = choose(candidates, Method.GET, path);
        }
        return outcome == notFound ? new NotAllowed<>(allowed(candidates)) : outcome;
    }

    private static <T> @Nullable Leaf<T> onlyOne(List<Leaf<T>> leaves, Method method, String host) {
        Leaf<T> only = null;
        for (Leaf<T> leaf : leaves) {
            if (leaf.isFor(method) && leaf.route.answers(host)) {
                if (only != null) {
                    return null;
                }
                only = leaf;
            }
        }
        return only;
    }

    private List<Leaf<T>> treeMatches(String path) {
        List<Leaf<T>> found = new ArrayList<>();
        if (path.startsWith("/")) {
            collect(root, path, 1, found);
        }
        return found;
    }

    private static <T> void collect(Node<T> node, String path, int from, List<Leaf<T>> found) {
        int slash = path.indexOf('/', from);
        boolean last = slash < 0;
        String segment = path.substring(from, last ? path.length() : slash);
        visit(node.texts.get(segment), last, path, slash, found);
        for (var entry : node.parameters.entrySet()) {
            Segment.Type type = entry.getKey();
            if (type == Segment.Type.PATH) {
                visit(type.accepts(path.substring(from)) ? entry.getValue() : null, true, path, slash, found);
            } else {
                visit(type.accepts(segment) ? entry.getValue() : null, last, path, slash, found);
            }
        }
    }

    private static <T> void visit(@Nullable Node<T> node, boolean last, String path, int slash, List<Leaf<T>> found) {
        if (node == null) {
            return;
        }
        if (last) {
            found.addAll(node.leaves);
        } else {
            collect(node, path, slash + 1, found);
        }
    }

    /// {@return a chain of those for `method`, the best one in front}
    private Outcome<T> choose(List<Leaf<T>> candidates, Method method, String path) {
        Outcome<T> chain = notFound;
        List<Leaf<T>> worstFirst = candidates.stream()
                .filter(leaf -> leaf.isFor(method))
                .sorted(Comparator.<Leaf<T>>comparingInt(leaf -> leaf.rank).reversed())
                .toList();
        for (Leaf<T> leaf : worstFirst) {
            Parameters parameters = PathParameters.of(leaf.route.pattern(), path);
            chain = new Found<>(leaf.route, parameters, chain);
        }
        return chain;
    }

    private static <T> List<Method> allowed(List<Leaf<T>> candidates) {
        SequencedSet<Method> methods = new LinkedHashSet<>();
        candidates.stream()
                .sorted(Comparator.comparingInt(leaf -> leaf.rank))
                .flatMap(leaf -> leaf.route.method().stream())
                .forEach(methods::add);
        if (methods.contains(Method.GET)) {
            methods.add(Method.HEAD);
        }
        methods.add(Method.OPTIONS);
        return List.copyOf(methods);
    }
}
