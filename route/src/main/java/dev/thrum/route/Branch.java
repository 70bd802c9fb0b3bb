package dev.thrum.route;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is behind one prefix of paths: the patterns that end here, and the ways on.
final class Branch<L> {
    /*
     * The ways on by text are a hash table of our own, since a map would want a string for each segment of each request.
     * It is filled before the index is published, and only read afterwards.
     */
    final List<L> leaves = new ArrayList<>(1);
    final List<L> expressions = new ArrayList<>(0); // regular expressions that begin with this prefix and a slash
    private final String text; // "" behind a parameter
    private final boolean folds; // the case of letters makes no difference
    private final Map<Segment.Type, Branch<L>> parameters = new EnumMap<>(Segment.Type.class);
    private @Nullable Branch<L>[] texts = table(1); // by hash, a power of two
    private @Nullable Branch<L> sibling; // of the same hash
    private int size;

    private Branch(String text, boolean folds) {
        this.text = text;
        this.folds = folds;
    }

    /// {@return a tree}
    /// @param folds whether the case of letters makes no difference in it
    static <L> Branch<L> root(boolean folds) {
        return new Branch<>("", folds);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic class
    private static <L> @Nullable Branch<L>[] table(int length) {
        return new Branch[length];
    }

    /// {@return the way on by the text from `from` to `end`}
    @Nullable Branch<L> text(String path, int from, int end) {
        if (size == 0) {
            return null;
        }
        Branch<L> branch = texts[hash(path, from, end) & texts.length - 1];
        while (branch != null && !branch.isAt(path, from, end)) {
            branch = branch.sibling;
        }
        return branch;
    }

    private boolean isAt(String path, int from, int end) {
        return text.length() == end - from && path.regionMatches(folds, from, text, 0, text.length());
    }

    private int hash(String path, int from, int end) {
        int hash = 0;
        for (int i = from; i < end; i++) {
            char c = path.charAt(i);
            hash = 31 * hash + (folds ? Character.toLowerCase(Character.toUpperCase(c)) : c);
        }
        return hash ^ hash >>> 16;
    }

    /// {@return the way on by a parameter}
    @Nullable Branch<L> parameter(Segment.Type type) {
        return parameters.get(type);
    }

    /// {@return the way on by `segment`, which is there from now on}
    Branch<L> grow(Segment segment) {
        if (segment instanceof Segment.Parameter(_, var type)) {
            return parameters.computeIfAbsent(type, key -> new Branch<>("", folds));
        }
        return grow(((Segment.Text) segment).text());
    }

    /// {@return the way on by the text `wanted`, which is there from now on}
    Branch<L> grow(String wanted) {
        Branch<L> known = text(wanted, 0, wanted.length());
        if (known != null) {
            return known;
        }
        if (size == texts.length) {
            widen();
        }
        Branch<L> branch = new Branch<>(wanted, folds);
        put(branch);
        size++;
        return branch;
    }

    private void widen() {
        @Nullable Branch<L>[] old = texts;
        texts = table(2 * old.length);
        for (Branch<L> first : old) {
            for (Branch<L> branch = first; branch != null; ) {
                Branch<L> next = branch.sibling;
                put(branch);
                branch = next;
            }
        }
    }

    private void put(Branch<L> branch) {
        int slot = hash(branch.text, 0, branch.text.length()) & texts.length - 1;
        branch.sibling = texts[slot];
        texts[slot] = branch;
    }
}
