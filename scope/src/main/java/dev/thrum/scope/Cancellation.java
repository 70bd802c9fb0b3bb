package dev.thrum.scope;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
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
     */

    /// The root's: never cancelled, and nobody is kept waiting for it.
    static final Cancellation NEVER = new Cancellation(null, null, 0);

    private final @Nullable Cancellation parent;
    private final @Nullable Home clock; // null: no deadline of its own
    private final long deadline; // by the clock
    private volatile @Nullable Throwable reason; // written once, guarded by this
    private @Nullable Entry first; // guarded by this
    private @Nullable Entry last; // guarded by this
    private @Nullable Registration above; // at the parent; guarded by this
    private @Nullable Registration alarm; // at the clock; guarded by this

    Cancellation(@Nullable Cancellation parent, @Nullable Home clock, long deadline) {
        this.parent = parent;
        this.clock = clock;
        this.deadline = deadline;
    }

    /// An action that waits for the cancellation.
    private final class Entry implements Registration {
        private final Consumer<? super Throwable> action;
        private final Scope scope;
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private boolean linked;

        Entry(Consumer<? super Throwable> action, Scope scope) {
            this.action = action;
            this.scope = scope;
        }

        void run(Throwable why) {
            try {
                scope.run(() -> action.accept(why));
            } catch (Throwable problem) {
                scope.home().report(problem, scope);
            }
        }

        @Override
        public void close() {
            synchronized (Cancellation.this) {
                if (linked) {
                    unlink(this);
                    if (first == null) {
                        detach();
                    }
                }
            }
        }
    }

    /// {@return why it is cancelled, or null}
    @Nullable Throwable current() {
        for (Cancellation node = this; node != null; node = node.parent) {
            Throwable why = node.reason;
            if (why != null) {
                return why;
            }
            if (node.clock != null && node.clock.nanoTime() - node.deadline >= 0) {
                return new TimeoutException("the deadline has passed");
            }
        }
        return null;
    }

    Optional<Duration> remaining() {
        long least = Long.MAX_VALUE;
        for (Cancellation node = this; node != null; node = node.parent) {
            if (node.clock != null) {
                least = Math.min(least, Math.max(0, node.deadline - node.clock.nanoTime()));
            }
        }
        return least == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(least));
    }

    boolean cancel(Throwable why) {
        Entry entry;
        synchronized (this) {
            if (reason != null) {
                return false;
            }
            reason = why;
            entry = first;
            for (Entry each = first; each != null; each = each.next) {
                each.linked = false;
            }
            first = null;
            last = null;
            detach();
        }
        for (; entry != null; entry = entry.next) {
            entry.run(why);
        }
        return true;
    }

    Registration register(Consumer<? super Throwable> action, Scope scope) {
        if (this == NEVER) {
            return Registration.none();
        }
        Entry entry = new Entry(action, scope);
        Throwable why = tryLink(entry);
        if (why != null) {
            cancel(why);
            entry.run(why);
        }
        return entry;
    }

    /// {@return null once the entry waits, or why it need not}
    private synchronized @Nullable Throwable tryLink(Entry entry) {
        Throwable why = reason;
        if (why == null && first == null) {
            why = attach();
        }
        if (why == null) {
            link(entry);
        }
        return why;
    }

    // ---- under the lock

    private @Nullable Throwable attach() {
        Throwable why = current();
        if (why == null && parent != null && parent != NEVER) {
            Entry fromAbove = parent.new Entry(this::cancel, Scope.root());
            why = parent.tryLink(fromAbove);
            above = why == null ? fromAbove : null;
        }
        if (why == null && clock != null) {
            Home home = clock;
            Duration left = Duration.ofNanos(Math.max(0, deadline - home.nanoTime()));
            alarm = Scope.root().call(
                    () -> home.schedule(left, () -> cancel(new TimeoutException("the deadline has passed"))));
        }
        return why;
    }

    private void detach() {
        if (above != null) {
            above.close();
            above = null;
        }
        if (alarm != null) {
            alarm.close();
            alarm = null;
        }
    }

    private void link(Entry entry) {
        entry.linked = true;
        entry.previous = last;
        if (last == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
    }

    private void unlink(Entry entry) {
        entry.linked = false;
        if (entry.previous == null) {
            first = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next == null) {
            last = entry.previous;
        } else {
            entry.next.previous = entry.previous;
        }
    }
}
