package dev.thrum.scope;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Whether a scope is cancelled, why, and who wants to hear of it.
final class Cancellation {
    /*
     * A node of a tree that mostly does not exist. A node knows its parent from the start, but the parent learns of the
     * node only while somebody listens to it: the first registration attaches it and arms the deadline, the last one to
     * close detaches and disarms. Who merely asks walks up instead.
     *
     * Locks are taken upwards only, child before parent (attaching, detaching). A cancellation, which goes down, takes
     * the list of a node under its lock and runs it outside, so no lock is held when a child's is taken, or when user
     * code runs. The home's timer queue comes after any lock of ours.
     *
     * A child that attaches while its parent is being cancelled either finds the parent's reason under the parent's
     * lock, or is in the list that the parent takes. In the second case the parent then waits for the child's lock,
     * until the child has linked what it attaches for.
     *
     * Once a list is taken nobody changes its links any more, so they are read without the lock.
     */

    /// The root's: never cancelled, and nobody is kept waiting for it.
    static final Cancellation NEVER = new Cancellation(null, null);

    private final @Nullable Cancellation parent;
    private final @Nullable Deadline deadline;
    private volatile @Nullable Throwable reason; // written once, guarded by this
    private @Nullable Waiter first; // guarded by this
    private @Nullable Waiter last; // guarded by this
    private @Nullable Branch above; // waits at the parent; guarded by this

    Cancellation(@Nullable Cancellation parent, @Nullable Deadline deadline) {
        this.parent = parent;
        this.deadline = deadline;
    }

    /// What waits at a node for its cancellation.
    private abstract static class Waiter implements Registration {
        final Cancellation node;
        private @Nullable Waiter previous;
        private @Nullable Waiter next;
        private boolean linked;

        Waiter(Cancellation node) {
            this.node = node;
        }

        /// {@return the first of those that are to hear of it now, before the next one of this list}
        abstract @Nullable Waiter hear(Throwable why);

        /// What is to be dropped at the end; under the node's lock.
        void forget() {}

        @Override
        public void close() {
            synchronized (node) {
                forget();
                if (linked) {
                    node.unlink(this);
                }
            }
        }
    }

    /// A child that somebody listens to.
    private static final class Branch extends Waiter {
        private final Cancellation child;

        Branch(Cancellation node, Cancellation child) {
            super(node);
            this.child = child;
        }

        @Override
        @Nullable Waiter hear(Throwable why) {
            synchronized (child) {
                return child.reason == null ? child.take(why) : null;
            }
        }
    }

    /// Somebody's action.
    private static final class Listener extends Waiter {
        private final Scope scope;
        private @Nullable Consumer<? super Throwable> action; // null once begun or closed; guarded by the node

        Listener(Cancellation node, Consumer<? super Throwable> action, Scope scope) {
            super(node);
            this.action = action;
            this.scope = scope;
        }

        @Override
        @Nullable Waiter hear(Throwable why) {
            Consumer<? super Throwable> begun;
            synchronized (node) {
                begun = action;
                forget();
            }
            if (begun != null) {
                run(begun, why);
            }
            return null;
        }

        private void run(Consumer<? super Throwable> begun, Throwable why) {
            try {
                scope.run(() -> begun.accept(why));
            } catch (Throwable problem) {
                scope.home().report(problem, scope);
            }
        }

        @Override
        void forget() {
            action = null;
        }
    }

    /// {@return why it is cancelled, or null}
    @Nullable Throwable current() {
        for (Cancellation node = this; node != null; node = node.parent) {
            Throwable why = node.reason;
            if (why != null) {
                return why;
            }
            if (node.deadline != null && node.deadline.passed()) {
                return node.deadline.reason();
            }
        }
        return null;
    }

    Optional<Duration> remaining() {
        long least = Long.MAX_VALUE;
        for (Cancellation node = this; node != null; node = node.parent) {
            if (node.deadline != null) {
                least = Math.min(least, node.deadline.left());
            }
        }
        return least == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(least));
    }

    /// {@return whether this call cancelled it: false if another did, or a deadline had passed}
    boolean cancel(Throwable why) {
        Throwable earlier = current();
        Throwable chosen = earlier == null ? why : earlier;
        Waiter waiting;
        synchronized (this) {
            if (reason != null) {
                return false;
            }
            waiting = take(chosen);
        }
        if (waiting != null) {
            tell(waiting, chosen);
        }
        return earlier == null;
    }

    /// Goes down the tree without recursion, because it may be deep.
    private static void tell(Waiter first, Throwable why) {
        Deque<Waiter> later = new ArrayDeque<>();
        for (Waiter waiter = first; waiter != null; ) {
            if (waiter.next != null) {
                later.push(waiter.next);
            }
            Waiter deeper = waiter.hear(why);
            waiter = deeper == null ? later.poll() : deeper;
        }
    }

    Registration register(Consumer<? super Throwable> action, Scope scope) {
        if (this == NEVER) {
            return Registration.none();
        }
        Listener listener = new Listener(this, action, scope);
        Throwable why = current();
        if (why == null) {
            why = tryLink(listener);
        }
        if (why != null) {
            cancel(why);
            listener.hear(why);
        }
        return listener;
    }

    /// {@return null once the waiter waits, or why it need not}
    private synchronized @Nullable Throwable tryLink(Waiter waiter) {
        Throwable why = reason == null && first == null ? attach() : reason;
        if (why == null) {
            link(waiter);
        }
        return why;
    }

    // ---- under the lock

    /// {@return why it is cancelled, or null once it hears from above and from its clock}
    private @Nullable Throwable attach() {
        if (parent != null && parent != NEVER) {
            Branch branch = new Branch(parent, this);
            Throwable why = parent.tryLink(branch);
            if (why != null) {
                return why;
            }
            above = branch;
        }
        if (deadline != null) {
            try {
                deadline.arm(this::cancel);
            } catch (Throwable refused) { // nothing may stay behind at the parent
                detach();
                throw refused;
            }
        }
        return reason; // a home may run an action that is due at once
    }

    private void detach() {
        if (above != null) {
            above.close();
            above = null;
        }
        if (deadline != null) {
            deadline.disarm();
        }
    }

    /// {@return the first of those who waited; the others are linked to it}
    private @Nullable Waiter take(Throwable why) {
        reason = why;
        Waiter taken = first;
        for (Waiter each = taken; each != null; each = each.next) {
            each.linked = false;
        }
        first = null;
        last = null;
        detach();
        return taken;
    }

    private void link(Waiter waiter) {
        waiter.linked = true;
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
    }

    private void unlink(Waiter waiter) {
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.linked = false;
        waiter.previous = null; // a closed one keeps no other alive
        waiter.next = null;
        if (first == null) {
            detach();
        }
    }
}
