package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Starts work item by item, so many at once, and brings the results to their goal.
final class Gathering<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {
    /*
     * Results arrive on many threads, and each may start the next item, which may have its result at once. So whoever
     * brings something queues it and asks for a turn. Who asks first takes turns until nobody has asked meanwhile;
     * the others go their way. One thread at a time has the turn, and everything but the queue and the count belongs to
     * it. At a loop the turns are its own: results from elsewhere are posted home first.
     *
     * Neither recursion nor a lock: items whose results are there at once are taken in the loop of start().
     */

    /// What becomes of the rest once the result is decided.
    enum Rest {
        /// It goes on: it was started by somebody else.
        LEFT,
        /// It is let go, and cancelled as far as nobody else wants it.
        CANCELLED,
        /// The result is held back until it has come.
        AWAITED
    }

    private final Source<R> whole = Source.pending(false);
    private final Scope scope = whole.scope();
    private final Iterator<? extends A> items;
    private final Function<? super A, ? extends Promise<? extends B>> start;
    private final Goal<A, B> goal;
    private final int limit;
    private final Rest rest;

    private final Queue<Runnable> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();

    private final Set<Part> running = new LinkedHashSet<>(); // by the turn, as all below
    private int started;
    private @Nullable Object decided;
    private boolean over;

    Gathering(
            Iterable<? extends A> items,
            Function<? super A, ? extends Promise<? extends B>> start,
            Goal<A, B> goal,
            int limit,
            Rest rest) {
        this.items = requireNonNull(items, "items").iterator();
        this.start = requireNonNull(start, "f");
        this.goal = goal;
        this.limit = limit;
        this.rest = rest;
    }

    Promise<R> promise() {
        whole.onCancel(reason -> arrive(() -> {
            over = true;
            cancelRunning(reason);
        }));
        arrive(() -> {});
        return whole;
    }

    /// An item whose work has been started.
    final class Part extends Watch {
        private final int index;
        private final A item;

        private Part(Home home, int index, A item) {
            super(home);
            this.index = index;
            this.item = item;
        }

        @Override
        void seen(Object result) {
            arrive(() -> {
                running.remove(this);
                came(index, item, result);
            });
        }
    }

    private void arrive(Runnable arrival) {
        Home home = whole.home;
        if (home.isHere()) {
            takeTurns(arrival);
        } else if (!home.post(() -> takeTurns(arrival))) {
            whole.settle(new Failure(new RejectedExecutionException("the promise's home has ended: " + home)));
        }
    }

    // ---- in turn

    private void takeTurns(Runnable arrival) {
        arrivals.add(arrival);
        if (asked.getAndIncrement() != 0) {
            return;
        }
        int answered = 1;
        do {
            try {
                takeArrivals();
                start();
            } catch (Throwable problem) { // not what a user's function throws; but a turn must not be the last one
                decide(new Failure(problem));
            }
            answered = asked.addAndGet(-answered);
        } while (answered != 0);
    }

    private void takeArrivals() {
        for (Runnable arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            arrival.run();
        }
    }

    private void start() {
        while (!over && decided == null && running.size() < limit && startNext()) {
            takeArrivals();
        }
        if (!over && running.isEmpty()) {
            finish(decided == null ? scope.call(goal::result) : decided);
        }
    }

    /// {@return whether there was another item}
    private boolean startNext() {
        try {
            if (!items.hasNext()) {
                return false;
            }
            A item = items.next();
            Node<?> node = (Node<?>) scope.call(() -> requireNonNull(start.apply(item), "the function returned null"));
            Part part = new Part(node.home, started++, item);
            running.add(part);
            node.attach(part);
        } catch (Throwable problem) {
            decide(new Failure(problem));
        }
        return true;
    }

    private void came(int index, A item, Object result) {
        if (over) {
            return;
        }
        if (decided != null) {
            goal.late(decided, result);
            return;
        }
        Object reached;
        try {
            reached = scope.call(() -> goal.take(index, item, result));
        } catch (Throwable problem) {
            reached = new Failure(problem);
        }
        if (reached != null) {
            decide(reached);
        }
    }

    private void decide(Object outcome) {
        if (over || decided != null) {
            return;
        }
        decided = outcome;
        if (rest != Rest.AWAITED) {
            finish(outcome);
            if (rest == Rest.CANCELLED) {
                cancelRunning(Step.cancellation(new IllegalStateException("another one has decided the result")));
            }
        }
    }

    private void finish(Object outcome) {
        over = true;
        whole.settle(outcome);
    }

    private void cancelRunning(Throwable reason) {
        for (Part part : List.copyOf(running)) {
            part.cancel(reason);
        }
        running.clear();
    }
}
