package dev.thrum.route;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Method;
import dev.thrum.http.Parameters;
import dev.thrum.route.Routes.Found;
import dev.thrum.route.Routes.Moved;
import dev.thrum.route.Routes.NotAllowed;
import dev.thrum.route.Routes.NotFound;
import dev.thrum.route.Routes.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
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
     * route can answer, its outcome was made in advance. All else walks a tree with a level for each segment. The walk
     * collects every route whose path matches; each goes to its place by the rank that it was given when the index was
     * built. Mostly it is a single one, and it costs three small objects. Regular expressions hang in the tree where
     * their text ends, and are tried when a walk comes by. Patterns without regard to case have a tree of their own.
     */
    private final NotFound<T> notFound = new NotFound<>();
    private final Map<String, Whole<T>> exact = new HashMap<>();
    private final Branch<Leaf<T>> root = Branch.root(false);
    private final Branch<Leaf<T>> folding = Branch.root(true);
    private final List<Route<T>> ranked;
    private final TrailingSlash slash;
    private boolean folds; // whether there is anything in `folding`

    Index(List<Route<T>> routes, TrailingSlash slash) {
        this.slash = slash;
        ranked = new ArrayList<>(routes);
        ranked.sort(Index::inOrder);
        for (int rank = 0; rank < ranked.size(); rank++) {
            add(new Leaf<>(ranked.get(rank), rank, notFound));
        }
        for (var entry : exact.entrySet()) {
            entry.setValue(new Whole<>(entry.getValue().leaves, inTree(entry.getKey()) == null));
        }
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

        boolean isFor(Method method, String host) {
            return route.isFor(method) && route.answers(host);
        }
    }

    /// Routes whose paths match, the last one to be asked in front. Groups are what a regular expression has found.
    private record Matches<T>(Leaf<T> leaf, @Nullable Parameters groups, @Nullable Matches<T> better) {

        static <T> Matches<T> with(Leaf<T> leaf, @Nullable Parameters groups, @Nullable Matches<T> others) {
            return others == null || others.leaf.rank < leaf.rank
                    ? new Matches<>(leaf, groups, others)
                    : new Matches<>(others.leaf, others.groups, with(leaf, groups, others.better));
        }

        Parameters parameters(String path) {
            return groups == null && leaf.route.pattern() instanceof Template template
                    ? PathParameters.of(template, path)
                    : requireNonNull(groups);
        }
    }

    /// Who is asked first.
    private static int inOrder(Route<?> one, Route<?> other) {
        if (one.priority() != other.priority()) {
            return one.priority() > other.priority() ? -1 : 1;
        }
        int byPattern = rank(one.pattern()).compareTo(rank(other.pattern()));
        if (byPattern != 0) {
            return byPattern;
        }
        int byCase = Boolean.compare(one.pattern().ignoresCase(), other.pattern().ignoresCase());
        if (byCase != 0) {
            return byCase;
        }
        int byHost = Boolean.compare(one.host().isEmpty(), other.host().isEmpty());
        return byHost != 0 ? byHost : Boolean.compare(one.methods().isEmpty(), other.methods().isEmpty());
    }

    /// {@return where a pattern stands among those of the same priority: they are compared as texts}
    private static String rank(PathPattern pattern) {
        return pattern instanceof Template template ? template.rank() : "~"; // expressions behind all others
    }

    private void add(Leaf<T> leaf) {
        Branch<Leaf<T>> branch = leaf.route.pattern().ignoresCase() ? folding : root;
        folds |= branch == folding;
        PathPattern pattern = leaf.route.pattern();
        if (!(pattern instanceof Template template)) { // no switch over types: see Template
            for (String segment : ((Expression) pattern).prefix()) {
                branch = branch.grow(segment);
            }
            branch.expressions.add(leaf);
        } else if (template.isExact()) {
            exact.computeIfAbsent(template.toString(), path -> new Whole<>(new ArrayList<>(), false))
                    .leaves
                    .add(leaf);
        } else {
            for (Segment segment : template.segments()) {
                branch = branch.grow(segment);
            }
            branch.leaves.add(leaf);
        }
    }

    /// {@return all routes, in the order they are asked}
    List<Route<T>> ranked() {
        return ranked;
    }

    Outcome<T> find(Method method, String host, String path) {
        Outcome<T> outcome = search(method, host, path);
        return outcome == notFound && slash != TrailingSlash.DIFFERENT ? otherPath(method, host, path) : outcome;
    }

    private Outcome<T> otherPath(Method method, String host, String path) {
        if (path.length() < 2) {
            return notFound;
        }
        String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
        Outcome<T> there = search(method, host, other);
        return there instanceof Found && slash == TrailingSlash.REDIRECT ? new Moved<>(other) : there;
    }

    private Outcome<T> search(Method method, String host, String path) {
        Whole<T> whole = exact.get(path);
        Leaf<T> only = whole != null && whole.alone ? onlyOne(whole.leaves, method, host) : null;
        if (only != null) {
            return only.alone;
        }
        Matches<T> matches = inTree(path);
        if (whole != null) {
            matches = with(whole.leaves, matches);
        }
        Outcome<T> outcome = choose(matches, method, host, path);
        if (outcome == notFound && method.equals(Method.HEAD)) {
            outcome = choose(matches, Method.GET, host, path);
        }
        return outcome == notFound ? refuse(matches, host) : outcome;
    }

    private static <T> @Nullable Leaf<T> onlyOne(List<Leaf<T>> leaves, Method method, String host) {
        Leaf<T> only = null;
        for (int i = 0; i < leaves.size(); i++) { // by number: every request comes here, and an iterator is an object
            Leaf<T> leaf = leaves.get(i);
            if (leaf.isFor(method, host)) {
                if (only != null) {
                    return null;
                }
                only = leaf;
            }
        }
        return only;
    }

    private @Nullable Matches<T> inTree(String path) {
        if (!path.startsWith("/")) {
            return null;
        }
        Matches<T> found = walk(root, path, 1, null);
        return folds ? walk(folding, path, 1, found) : found;
    }

    /// {@return `found`, and what is behind `branch` for the segments of `path` that start at `from`}
    private static <T> @Nullable Matches<T> walk(
            Branch<Leaf<T>> branch, String path, int from, @Nullable Matches<T> found) {
        int slash = path.indexOf('/', from);
        int end = slash < 0 ? path.length() : slash;
        Matches<T> all = branch.expressions.isEmpty() ? found : tried(branch.expressions, path, found);
        Branch<Leaf<T>> text = branch.text(path, from, end);
        if (text != null) {
            all = behind(text, path, end, all);
        }
        for (Segment.Type type : Segment.Type.all()) {
            Branch<Leaf<T>> parameter = branch.parameter(type);
            int to = type == Segment.Type.PATH ? path.length() : end;
            if (parameter != null && type.accepts(path, from, to)) {
                all = behind(parameter, path, to, all);
            }
        }
        return all;
    }

    private static <T> @Nullable Matches<T> tried(
            List<Leaf<T>> expressions, String path, @Nullable Matches<T> found) {
        Matches<T> all = found;
        for (Leaf<T> leaf : expressions) {
            Parameters groups = ((Expression) leaf.route.pattern()).match(path);
            if (groups != null) {
                all = Matches.with(leaf, groups, all);
            }
        }
        return all;
    }

    private static <T> @Nullable Matches<T> behind(
            Branch<Leaf<T>> branch, String path, int end, @Nullable Matches<T> found) {
        return end < path.length() ? walk(branch, path, end + 1, found) : with(branch.leaves, found);
    }

    private static <T> @Nullable Matches<T> with(List<Leaf<T>> leaves, @Nullable Matches<T> found) {
        Matches<T> all = found;
        for (Leaf<T> leaf : leaves) {
            all = Matches.with(leaf, null, all);
        }
        return all;
    }

    /// {@return a chain of those for `method` and `host`, the best one in front}
    private Outcome<T> choose(@Nullable Matches<T> matches, Method method, String host, String path) {
        Outcome<T> chain = notFound;
        for (Matches<T> match = matches; match != null; match = match.better) {
            if (match.leaf.isFor(method, host)) {
                chain = new Found<>(match.leaf.route, match.parameters(path), chain);
            }
        }
        return chain;
    }

    private Outcome<T> refuse(@Nullable Matches<T> matches, String host) {
        SequencedSet<Method> methods = new LinkedHashSet<>();
        for (Matches<T> match = matches; match != null; match = match.better) {
            Route<T> route = match.leaf.route;
            if (route.answers(host)) {
                route.methods().stream()
                        .sorted(Comparator.comparing(Method::name).reversed())
                        .forEach(methods::addFirst);
            }
        }
        if (methods.isEmpty()) {
            return notFound;
        }
        if (methods.contains(Method.GET)) {
            methods.add(Method.HEAD);
        }
        methods.add(Method.OPTIONS);
        return new NotAllowed<>(List.copyOf(methods));
    }
}
