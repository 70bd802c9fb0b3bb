package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.parallel.PtreeNode.State;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
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
    /*
     * All nodes are under one lock, which is never held while a node is computed, nor when a call is answered. A call walks
     * down to what is not computed, counts for each node the children that it waits for, and puts those that wait for none in
     * line. Strands, tasks of the kernel, as many as it has workers, take from the line; who has computed a node counts down
     * those that wait for it. So each node and each edge is looked at a fixed number of times, however deep the tree is, and
     * no walk is recursive.
     *
     * A strand that is killed fails the node it was at; one whose scope was cancelled puts it back. When no call is left,
     * what waits and what stands in line is as if nobody had asked, and strands that were cancelled come to nothing.
     */
    private static final int SPINS = 100;

    private final Parallel parallel;
    private final Optional<Kernel> nodeKernel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, PtreeNode> nodes = new LinkedHashMap<>(); // guarded by lock
    private final Deque<PtreeNode> line = new ArrayDeque<>(); // guarded by lock
    private final Set<Call> calls = new LinkedHashSet<>(); // guarded by lock; not answered yet
    private final Set<Strand> strands = new HashSet<>(); // guarded by lock
    private int waiting; // guarded by lock; how many nodes wait or stand in line
    private int walks; // guarded by lock

    Ptree(Parallel parallel, Optional<Kernel> nodeKernel) {
        this.parallel = parallel;
        this.nodeKernel = nodeKernel;
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
        lock.lock();
        try {
            if (nodes.putIfAbsent(name.id, node) != null) {
                throw new IllegalStateException("a node can be defined once: " + name.id);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- calling

    /// {@return the value of a node, computed with all that it needs, or known already}
    /// @param <T> the type of the value
    /// @param name the node
    /// @throws IllegalStateException when it runs, if a node that is needed is not defined, or needs itself
    public <T extends @Nullable Object> Work<T> call(Name<T> name) {
        requireNonNull(name, "name");
        return new Work<>(() -> begin(name));
    }

    private <T extends @Nullable Object> Promise<T> begin(Name<T> name) {
        Resolver<T> resolver = Resolver.holding();
        Call call = new Call(parallel.kernel(), resolver);
        try {
            locked(after -> ask(call, find(name), after));
            call.listen();
        } catch (IllegalStateException wrong) {
            resolver.reject(wrong);
        }
        return resolver.promise();
    }

    /// Looks for what is wrong with all nodes. Lisp's `check-ptree`.
    /// @throws IllegalStateException if a node is needed and not defined, or needs itself; it names them all
    public void check() {
        locked(after -> {
            PtreeWalk walk = new PtreeWalk(nodes, ++walks);
            nodes.values().forEach(walk::from);
            walk.check();
        });
    }

    /// {@return whether the value of a node is known} Lisp's `ptree-computed-p`.
    /// @param name the node
    /// @throws IllegalStateException if it is not defined
    public boolean isComputed(Name<?> name) {
        lock.lock();
        try {
            return find(name).state == State.DONE;
        } finally {
            lock.unlock();
        }
    }

    /// Forgets all values and failures, so that every node is computed again when it is needed. What still runs for a call
    /// that failed comes to nothing. Lisp's `clear-ptree`.
    /// @throws IllegalStateException if a call is under way
    public void clear() {
        locked(after -> {
            requireQuiet();
            nodes.values().forEach(PtreeNode::reset);
        });
    }

    /// Forgets the failures, so that failed nodes are computed again when they are needed, and nothing else. Lisp's
    /// `clear-ptree-errors`.
    /// @throws IllegalStateException if a call is under way
    public void clearErrors() {
        locked(after -> {
            requireQuiet();
            nodes.values().stream().filter(node -> node.state == State.FAILED).forEach(PtreeNode::reset);
        });
    }

    /// {@return the tree in the language of Graphviz, with the state and the time of each node}
    public String toDot() {
        StringBuilder dot = new StringBuilder("digraph ptree {\n");
        lock.lock();
        try {
            for (PtreeNode node : nodes.values()) {
                dot.append("  ").append(quoted(node.id)).append(" [label=").append(quoted(node.label())).append("];\n");
                for (Object child : node.childIds) {
                    dot.append("  ").append(quoted(node.id)).append(" -> ").append(quoted(child)).append(";\n");
                }
            }
        } finally {
            lock.unlock();
        }
        return dot.append("}\n").toString();
    }

    private static String quoted(Object text) {
        return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    // ---- calls

    /// Somebody who waits for a node.
    final class Call {
        private final Kernel kernel;
        private final Resolver<?> resolver;
        private final Scope scope = Scope.current();
        private volatile Registration listening = Registration.none();
        private @Nullable PtreeNode target; // guarded by lock

        Call(Kernel kernel, Resolver<?> resolver) {
            this.kernel = kernel;
            this.resolver = resolver;
        }

        void listen() {
            resolver.onCancel(reason -> locked(after -> leave(this, after)));
            listening = scope.onCancel(reason -> {
                resolver.reject(reason);
                locked(after -> leave(this, after));
            });
            if (!(resolver.promise().state() instanceof Promise.Pending)) {
                listening.close();
            }
        }

        @SuppressWarnings("unchecked") // the name of the call said what the value is
        void answer(PtreeNode node) {
            listening.close();
            if (node.state == State.DONE) {
                ((Resolver<@Nullable Object>) resolver).resolve(node.value);
            } else {
                resolver.reject(requireNonNull(node.reason));
            }
        }
    }

    private void ask(Call call, PtreeNode target, List<Runnable> after) {
        PtreeWalk walk = new PtreeWalk(nodes, ++walks);
        walk.from(target);
        walk.check();
        if (target.isSettled()) {
            after.add(() -> call.answer(target));
            return;
        }
        call.target = target;
        calls.add(call);
        target.callers.add(call);
        plan(target, after);
        startStrands(after, 0);
    }

    /// Puts all that the target needs in line, or lets it wait.
    private void plan(PtreeNode target, List<Runnable> after) {
        Deque<PtreeNode> asked = new ArrayDeque<>();
        List<PtreeNode> failed = new ArrayList<>();
        want(target, asked);
        for (PtreeNode node = asked.poll(); node != null; node = asked.poll()) {
            for (PtreeNode child : node.knownChildren()) {
                want(child, asked);
                if (child.state == State.FAILED) {
                    node.reason = child.reason;
                } else if (child.state != State.DONE) {
                    child.awaitedBy(node);
                }
            }
            if (node.reason != null) {
                failed.add(node);
            } else if (node.pending == 0) {
                enqueue(node);
            }
        }
        failed.forEach(node -> fail(node, requireNonNull(node.reason), after));
    }

    private void want(PtreeNode node, Deque<PtreeNode> asked) {
        if (node.state == State.UNDONE) {
            node.state = State.WAITING;
            waiting++;
            asked.push(node);
        }
    }

    private void enqueue(PtreeNode node) {
        node.state = State.READY;
        line.addLast(node);
    }

    private void leave(Call call, List<Runnable> after) {
        if (calls.remove(call)) {
            requireNonNull(call.target).callers.remove(call);
            if (calls.isEmpty()) {
                strands.forEach(strand -> after.add(strand::cancel));
                forgetWaiting();
            }
        }
    }

    /// What waits is as if nobody had asked; what runs may end.
    private void forgetWaiting() {
        line.clear();
        if (waiting > 0) {
            waiting = 0;
            for (PtreeNode node : nodes.values()) {
                if (node.state == State.WAITING || node.state == State.READY) {
                    node.reset();
                } else {
                    node.takeDependents();
                }
            }
        }
    }

    // ---- strands

    /// A task that computes what stands in line.
    private final class Strand implements Callable<Boolean> {
        private final Call call;
        private @Nullable PtreeNode at; // guarded by lock
        private boolean over; // guarded by lock
        private volatile @Nullable Promise<Boolean> promise;

        Strand(Call call) {
            this.call = call;
        }

        void submit() {
            call.scope.at(Home.root()).run(() -> {
                try {
                    Promise<Boolean> mine = call.kernel.submit(this);
                    promise = mine;
                    mine.recover(Throwable.class, reason -> {
                        locked(after -> lose(this, reason, after));
                        return false;
                    });
                } catch (RejectedExecutionException ended) {
                    locked(after -> giveUp(this, ended, after));
                }
            });
        }

        void cancel() {
            Promise<Boolean> mine = promise;
            if (mine != null) {
                mine.cancel();
            }
        }

        @Override
        public Boolean call() {
            PtreeNode node = next(this);
            while (node != null) {
                node = compute(node);
            }
            return true;
        }

        /// {@return the node to compute next, or null}
        private @Nullable PtreeNode compute(PtreeNode node) {
            List<@Nullable Object> arguments = node.arguments();
            AtomicReference<@Nullable Object> value = new AtomicReference<>();
            Throwable problem = null;
            long begun = System.nanoTime();
            try {
                if (nodeKernel.isPresent()) {
                    nodeKernel.get().during(() -> value.set(node.body.apply(arguments)));
                } else {
                    value.set(node.body.apply(arguments));
                }
            } catch (TaskKilledException killed) {
                throw killed; // the strand ends, and its promise says why: see lose()
            } catch (Throwable thrown) {
                problem = thrown;
            }
            long nanos = System.nanoTime() - begun;
            Outcome outcome = new Outcome(value.get(), problem, nanos);
            List<Runnable> after = new ArrayList<>(2);
            acquire();
            try {
                settle(this, node, outcome, after);
                return take(this);
            } finally {
                lock.unlock();
                after.forEach(Runnable::run);
            }
        }
    }

    private record Outcome(@Nullable Object value, @Nullable Throwable reason, long nanos) {}

    /// Starts strands for what stands in line, but for what the caller takes.
    private void startStrands(List<Runnable> after, int taken) {
        for (Call call : calls) {
            if (!call.scope.cancelled()) { // else it is about to leave, and its strands would be dropped
                startStrands(call, line.size() - taken, after);
                return;
            }
        }
    }

    private void startStrands(Call call, int count, List<Runnable> after) {
        for (int i = count; i > 0 && strands.size() < call.kernel.workers(); i--) {
            Strand strand = new Strand(call);
            strands.add(strand);
            after.add(strand::submit);
        }
    }

    private @Nullable PtreeNode next(Strand strand) {
        acquire();
        try {
            return take(strand);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable PtreeNode take(Strand strand) {
        PtreeNode node = strand.over ? null : line.pollFirst();
        strand.at = node;
        if (node == null) {
            end(strand);
        } else {
            waiting--;
            node.state = State.RUNNING;
            node.runner = strand;
        }
        return node;
    }

    /// The lock is held for less than it takes to put a thread to sleep, and many small nodes want it often.
    private void acquire() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    private void end(Strand strand) {
        strand.over = true;
        strands.remove(strand);
    }

    private void settle(Strand strand, PtreeNode node, Outcome outcome, List<Runnable> after) {
        if (node.runner != strand) {
            return; // the tree was cleared, or the strand killed
        }
        node.nanos = outcome.nanos;
        Throwable reason = outcome.reason;
        if (reason != null) {
            fail(node, reason, after);
        } else {
            node.value = outcome.value;
            node.state = State.DONE;
            node.runner = null;
            for (PtreeNode each : node.takeDependents()) {
                each.pending--;
                if (each.state == State.WAITING && each.pending == 0) {
                    enqueue(each);
                }
            }
            answer(node, after);
        }
        startStrands(after, 1);
    }

    /// Fails a node and all that wait for it.
    private void fail(PtreeNode first, Throwable reason, List<Runnable> after) {
        Deque<PtreeNode> failing = new ArrayDeque<>(List.of(first));
        for (PtreeNode node = failing.poll(); node != null; node = failing.poll()) {
            if (!node.isSettled()) {
                waiting -= node.state == State.RUNNING ? 0 : 1;
                node.state = State.FAILED;
                node.reason = reason;
                node.runner = null;
                failing.addAll(node.takeDependents());
                answer(node, after);
            }
        }
    }

    private void answer(PtreeNode node, List<Runnable> after) {
        if (node.callers.isEmpty()) {
            return;
        }
        for (Call each : node.callers) {
            calls.remove(each);
            after.add(() -> each.answer(node));
        }
        node.callers.clear();
        if (calls.isEmpty()) {
            forgetWaiting();
        }
    }

    /// A strand was killed, or the scope it ran under cancelled.
    private void lose(Strand strand, Throwable reason, List<Runnable> after) {
        if (strand.over) {
            return;
        }
        end(strand);
        PtreeNode node = strand.at;
        if (node != null && node.runner == strand) {
            if (reason instanceof TaskKilledException) {
                fail(node, reason, after);
            } else if (calls.isEmpty()) {
                node.reset();
            } else {
                node.runner = null;
                waiting++;
                enqueue(node);
            }
        }
        startStrands(after, 0);
    }

    /// The kernel takes no strands any more.
    private void giveUp(Strand strand, Throwable reason, List<Runnable> after) {
        end(strand);
        for (Call each : List.copyOf(calls)) {
            if (each.kernel == strand.call.kernel) {
                leave(each, after);
                after.add(() -> each.resolver.reject(reason));
            }
        }
    }

    // ---- the lock

    private interface Locked {
        /// @param after what to do without the lock
        void run(List<Runnable> after);
    }

    private void locked(Locked body) {
        List<Runnable> after = new ArrayList<>();
        lock.lock();
        try {
            body.run(after);
        } finally {
            lock.unlock();
        }
        after.forEach(Runnable::run);
    }

    private PtreeNode find(Name<?> name) {
        PtreeNode node = nodes.get(name.id);
        if (node == null) {
            throw new IllegalStateException("a node is not defined: " + name.id);
        }
        return node;
    }

    private void requireQuiet() {
        if (!calls.isEmpty()) {
            throw new IllegalStateException("a call is under way");
        }
    }
}
