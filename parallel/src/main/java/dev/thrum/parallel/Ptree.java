package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.parallel.PtreeNode.State;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A tree of computations, or rather a graph without cycles: each is named, is computed once, after those it needs, and only
/// when somebody needs it. Lisp's ptree.
///
/// ```java
/// Ptree tree = parallel.ptree();
/// Name<Integer> area = Ptree.name("area"), width = Ptree.name("width"), height = Ptree.name("height");
/// tree.define(area, width, height, (w, h) -> w * h);        // children may be defined later
/// tree.define(width, () -> measure(WIDTH));
/// tree.define(height, () -> measure(HEIGHT));
/// int result = tree.call(area).run();                       // both measured side by side
/// ```
///
/// **Threads.** Any thread, several calls at once: a node that two of them need is computed once, under the scope of one.
/// **Failure.** What a node throws is kept in it and in all that need it, and told by each call of one of them, at once, while
/// others are still being computed. [#clearErrors] lets those be computed again.
public final class Ptree {
    private final Parallel parallel;
    private final Map<Object, PtreeNode> nodes = new LinkedHashMap<>(); // under the lock of the run
    private final PtreeRun run;
    private int walks; // under the lock of the run

    Ptree(Parallel parallel, Optional<Kernel> nodeKernel) {
        this.parallel = parallel;
        this.run = new PtreeRun(nodes.values(), nodeKernel);
    }

    /// The name of a node. Two names with equal ids are the same.
    /// @param <T> the type of the node's value
    /// @param id what tells it from others
    @SuppressWarnings("UnusedTypeParameter") // it ties definition and call together
    public record Name<T extends @Nullable Object>(Object id) {
        /// Checks the id.
        public Name {
            requireNonNull(id, "id");
        }
    }

    /// {@return a name}
    /// @param <T> the type of the node's value
    /// @param id what tells it from others
    public static <T extends @Nullable Object> Name<T> name(Object id) {
        return new Name<>(id);
    }

    /// {@return a tree of the same kind without nodes, in whose nodes another kernel is current} Lisp's
    /// `*ptree-node-kernel*`.
    /// @param kernel the other kernel
    public Ptree withNodeKernel(Kernel kernel) {
        return new Ptree(parallel, Optional.of(kernel));
    }

    // ---- defining

    /// Defines a node without children.
    /// @param <T> the type of its value
    /// @param name its name
    /// @param body computes its value
    /// @throws IllegalStateException if a node of that name is defined
    public <T extends @Nullable Object> void define(Name<T> name, Supplier<? extends T> body) {
        requireNonNull(body, "body");
        add(name, List.of(), values -> body.get());
    }

    /// Defines a node with one child.
    /// @param <T> the type of its value
    /// @param <A> the type of the child's value
    /// @param name its name
    /// @param child the child, which may be defined later
    /// @param body computes its value
    /// @throws IllegalStateException if a node of that name is defined
    public <T extends @Nullable Object, A extends @Nullable Object> void define(
            Name<T> name, Name<A> child, Function<? super A, ? extends T> body) {
        requireNonNull(body, "body");
        add(name, List.of(child), values -> body.apply(Ptree.<A>at(values, 0)));
    }

    /// Defines a node with two children.
    /// @param <T> the type of its value
    /// @param <A> the type of the first child's value
    /// @param <B> the type of the second child's value
    /// @param name its name
    /// @param first the first child, which may be defined later
    /// @param second the second child, which may be defined later
    /// @param body computes its value
    /// @throws IllegalStateException if a node of that name is defined
    public <T extends @Nullable Object, A extends @Nullable Object, B extends @Nullable Object> void define(
            Name<T> name, Name<A> first, Name<B> second, BiFunction<? super A, ? super B, ? extends T> body) {
        requireNonNull(body, "body");
        add(name, List.of(first, second), values -> body.apply(Ptree.<A>at(values, 0), Ptree.<B>at(values, 1)));
    }

    /// Defines a node with any number of children.
    /// @param <T> the type of its value
    /// @param <A> the type of the children's values
    /// @param name its name
    /// @param children the children, which may be defined later
    /// @param body computes its value from theirs, in that order
    /// @throws IllegalStateException if a node of that name is defined
    @SuppressWarnings("unchecked") // the names say what the values are
    public <T extends @Nullable Object, A extends @Nullable Object> void define(
            Name<T> name, List<? extends Name<? extends A>> children, Function<? super List<A>, ? extends T> body) {
        requireNonNull(body, "body");
        add(name, children, values -> body.apply((List<A>) Collections.unmodifiableList(values)));
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // the name says what the value is
    private static <A extends @Nullable Object> A at(List<@Nullable Object> values, int index) {
        return (A) values.get(index);
    }

    private void add(Name<?> name, List<? extends Name<?>> children, Function<List<@Nullable Object>, @Nullable Object> body) {
        List<Object> ids = children.stream().<Object>map(Name::id).toList();
        PtreeNode node = new PtreeNode(name.id, ids, body);
        if (run.locked(() -> nodes.putIfAbsent(name.id, node)) != null) {
            throw new IllegalStateException("a node can be defined once: " + name.id);
        }
    }

    // ---- calling

    /// {@return the value of a node, computed with all that it needs, or known already}
    /// @param <T> the type of the value
    /// @param name the node
    /// @throws IllegalStateException when it runs, if a node that is needed is not defined, or needs itself
    public <T extends @Nullable Object> Work<T> call(Name<T> name) {
        requireNonNull(name, "name");
        return new Work<>(() -> run.call(parallel.kernel(), () -> checked(name)));
    }

    /// Looks for what is wrong with all nodes. Lisp's `check-ptree`.
    /// @throws IllegalStateException if a node is needed and not defined, or needs itself; it names them all
    public void check() {
        run.locked(() -> check(nodes.values()));
    }

    private PtreeNode checked(Name<?> name) {
        PtreeNode node = find(name);
        check(List.of(node));
        return node;
    }

    private boolean check(Collection<PtreeNode> from) {
        PtreeWalk walk = new PtreeWalk(nodes, ++walks);
        from.forEach(walk::from);
        walk.check();
        return true;
    }

    private PtreeNode find(Name<?> name) {
        PtreeNode node = nodes.get(name.id);
        if (node == null) {
            throw new IllegalStateException("a node is not defined: " + name.id);
        }
        return node;
    }

    /// {@return whether the value of a node is known} Lisp's `ptree-computed-p`.
    /// @param name the node
    /// @throws IllegalStateException if it is not defined
    public boolean isComputed(Name<?> name) {
        return run.locked(() -> find(name).state == State.DONE);
    }

    /// Forgets all values and failures, so that every node is computed again when it is needed. What still runs for a call
    /// that failed comes to nothing. Lisp's `clear-ptree`.
    /// @throws IllegalStateException if a call is under way
    public void clear() {
        forget(node -> true);
    }

    /// Forgets the failures, so that failed nodes are computed again when they are needed, and nothing else. Lisp's
    /// `clear-ptree-errors`.
    /// @throws IllegalStateException if a call is under way
    public void clearErrors() {
        forget(node -> node.state == State.FAILED);
    }

    private void forget(Predicate<PtreeNode> which) {
        run.locked(() -> {
            if (run.isUnderWay()) {
                throw new IllegalStateException("a call is under way");
            }
            nodes.values().stream().filter(which).forEach(PtreeNode::reset);
            return true;
        });
    }

    /// {@return the tree in the language of Graphviz, with the state and the time of each node}
    public String toDot() {
        return run.locked(() -> {
            StringBuilder dot = new StringBuilder("digraph ptree {\n");
            nodes.values().forEach(node -> draw(node, dot));
            return dot.append("}\n").toString();
        });
    }

    private static void draw(PtreeNode node, StringBuilder dot) {
        dot.append("  ").append(quoted(node.id)).append(" [label=").append(quoted(node.label())).append("];\n");
        for (Object child : node.childIds) {
            dot.append("  ").append(quoted(node.id)).append(" -> ").append(quoted(child)).append(";\n");
        }
    }

    private static String quoted(Object text) {
        return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
