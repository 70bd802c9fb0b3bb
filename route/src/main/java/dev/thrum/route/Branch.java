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
    private final String text; // "" behind a parameter
    private final Map<Segment.Type, Branch<L>> parameters = new EnumMap<>(Segment.Type.class);
    private @Nullable Branch<L>[] texts = table(1); // by hash, a power of two
    private @Nullable Branch<L> sibling; // of the same hash
    private int size;

    private Branch(String text) {
        this.text = text;
    }

    static <L> Branch<L> root() {
        return new Branch<>("");
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
        return text.length() == end - from && path.startsWith(text, from);
    }

    private static int hash(String path, int from, int end) {
        int hash = 0;
        for (int i = from; i < end; i++) {
            hash = 31 * hash + path.charAt(i);
        }
        return hash ^ hash >>> 16;
    }

    /// {@return the way on by a parameter}
    @Nullable Branch<L> parameter(Segment.Type type) {
        return parameters.get(type);
    }

    /// {@return the way on by `segment`, which is there from now on}
    Branch<L> grow(Segment segment) {
        return switch (segment) {
            case Segment.Text(var wanted) -> grow(wanted);
            case Segment.Parameter(_, var type) -> parameters.computeIfAbsent(type, key -> new Branch<>(""));
        };
    }

    private Branch<L> grow(String wanted) {
        Branch<L> known = text(wanted, 0, wanted.length());
        if (known != null) {
            return known;
        }
        if (size == texts.length) {
            widen();
        }
        Branch<L> branch = new Branch<>(wanted);
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
