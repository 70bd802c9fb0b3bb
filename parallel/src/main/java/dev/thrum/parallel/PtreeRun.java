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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The calls of a [Ptree], and the tasks that compute what they wait for.
final class PtreeRun {
    /*
     * The tree's nodes are under one lock, which is never held while a node is computed, nor when a call is answered. A call
     * puts what it needs in line. Strands, tasks of the kernel, as many as it has workers, take from the line until that is
     * empty.
     *
     * A strand that is killed fails the node it was at; one whose scope was cancelled puts it back. When no call is left,
     * what waits and what stands in line is as if nobody had asked, and strands that were cancelled come to nothing.
     */
    private static final int SPINS = 100;

    private final Collection<PtreeNode> nodes; // all of the tree; guarded by lock
    private final Optional<Kernel> nodeKernel;
    private final ReentrantLock lock = new ReentrantLock();
    private final PtreeLine line = new PtreeLine(this::answer); // guarded by lock
    private final Set<Call> calls = new LinkedHashSet<>(); // guarded by lock; not answered yet
    private final Set<Strand> strands = new HashSet<>(); // guarded by lock
    private List<Runnable> after = new ArrayList<>(); // guarded by lock; what to do when it is released

    PtreeRun(Collection<PtreeNode> nodes, Optional<Kernel> nodeKernel) {
        this.nodes = nodes;
        this.nodeKernel = nodeKernel;
    }

    // ---- the lock

    /// {@return what `body` returns, run under the lock that guards the nodes}
    <R extends @Nullable Object> R locked(Supplier<R> body) {
        lock.lock();
        try {
            return body.get();
        } finally {
            release();
        }
    }

    private void release() {
        List<Runnable> mine = after;
        if (!mine.isEmpty()) {
            after = new ArrayList<>();
        }
        lock.unlock();
        mine.forEach(Runnable::run);
    }

    /// It is held for less than it takes to put a thread to sleep, and many small nodes want it often.
    private void acquire() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    // ---- calls

    /// {@return a promise of the value of the node that `target` finds}
    /// @param target called under the lock; what it throws, the promise is rejected with
    <T extends @Nullable Object> Promise<T> call(Kernel kernel, Supplier<PtreeNode> target) {
        Resolver<T> resolver = Resolver.holding();
        Call call = new Call(kernel, resolver);
        try {
            locked(() -> ask(call, target.get()));
            call.listen();
        } catch (IllegalStateException wrong) {
            resolver.reject(wrong);
        }
        return resolver.promise();
    }

    /// {@return whether somebody waits for a node; under the lock}
    boolean isUnderWay() {
        return !calls.isEmpty();
    }

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
            resolver.onCancel(reason -> locked(() -> leave(this)));
            listening = scope.onCancel(reason -> {
                resolver.reject(reason);
                locked(() -> leave(this));
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

    private boolean ask(Call call, PtreeNode target) {
        if (target.isSettled()) {
            return after.add(() -> call.answer(target));
        }
        call.target = target;
        calls.add(call);
        target.callers.add(call);
        line.ask(target);
        startStrands(0);
        return true;
    }

    /// Tells those who wait for a node.
    private void answer(PtreeNode node) {
        if (node.callers.isEmpty()) {
            return;
        }
        for (Call each : node.callers) {
            calls.remove(each);
            after.add(() -> each.answer(node));
        }
        node.callers.clear();
        if (calls.isEmpty()) {
            line.forget(nodes);
        }
    }

    private boolean leave(Call call) {
        if (!calls.remove(call)) {
            return false;
        }
        requireNonNull(call.target).callers.remove(call);
        if (calls.isEmpty()) {
            strands.forEach(strand -> after.add(strand::cancel));
            line.forget(nodes);
        }
        return true;
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
                    mine.recover(Throwable.class, reason -> locked(() -> lose(this, reason)));
                } catch (RejectedExecutionException ended) {
                    locked(() -> giveUp(this, ended));
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
            PtreeNode node = locked(() -> take(this));
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
            Outcome outcome = new Outcome(value.get(), problem, System.nanoTime() - begun);
            acquire();
            try {
                settle(this, node, outcome);
                return take(this);
            } finally {
                release();
            }
        }
    }

    private record Outcome(@Nullable Object value, @Nullable Throwable reason, long nanos) {}

    /// Starts strands for what stands in line, but for what the caller takes.
    private void startStrands(int taken) {
        for (Call call : calls) {
            if (!call.scope.cancelled()) { // else it is about to leave, and its strands would be dropped
                startStrands(call, line.length() - taken);
                return;
            }
        }
    }

    private void startStrands(Call call, int count) {
        for (int i = count; i > 0 && strands.size() < call.kernel.workers(); i--) {
            Strand strand = new Strand(call);
            strands.add(strand);
            after.add(strand::submit);
        }
    }

    private @Nullable PtreeNode take(Strand strand) {
        PtreeNode node = strand.over ? null : line.take(strand);
        strand.at = node;
        if (node == null) {
            end(strand);
        }
        return node;
    }

    private void end(Strand strand) {
        strand.over = true;
        strands.remove(strand);
    }

    private void settle(Strand strand, PtreeNode node, Outcome outcome) {
        if (node.runner != strand) {
            return; // the tree was cleared, or the strand killed
        }
        node.nanos = outcome.nanos;
        if (outcome.reason == null) {
            line.done(node, outcome.value);
        } else {
            line.fail(node, outcome.reason);
        }
        startStrands(1);
    }

    /// A strand was killed, or the scope it ran under cancelled.
    private boolean lose(Strand strand, Throwable reason) {
        if (strand.over) {
            return false;
        }
        end(strand);
        PtreeNode node = strand.at;
        if (node != null && node.runner == strand) {
            if (reason instanceof TaskKilledException) {
                line.fail(node, reason);
            } else if (calls.isEmpty()) {
                node.reset();
            } else {
                line.putBack(node);
            }
        }
        startStrands(0);
        return true;
    }

    /// The kernel takes no strands any more.
    private boolean giveUp(Strand strand, Throwable reason) {
        end(strand);
        for (Call each : List.copyOf(calls)) {
            if (each.kernel == strand.call.kernel) {
                leave(each);
                after.add(() -> each.resolver.reject(reason));
            }
        }
        return true;
    }
}
