package dev.thrum.parallel;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.NavigableSet;

/// What the pieces of one run have in common.
final class Plan {
    private static final int REPORTS = 100;
    private static final int KEPT = 100; // failures, of a run that goes on to its end

    private final boolean toEnd;
    private final Optional<Progress> progress;
    private final long total;
    private final Scope scope = Scope.current();
    private final Home home;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong nextReport;
    private final NavigableSet<PieceException> failures =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(PieceException::index));
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean over; // nobody needs the rest

    Plan(Parallel parallel, Home home, long total) {
        this.toEnd = parallel.goesToEnd();
        this.progress = parallel.progress();
        this.home = home;
        this.total = total;
        this.nextReport = new AtomicLong(step(0));
    }

    private long step(long from) {
        return total >= 0 ? Math.max(1, total / REPORTS) : Math.max(1, from / 16);
    }

    void done(int count) {
        if (progress.isEmpty()) {
            return;
        }
        long now = done.addAndGet(count);
        long next = nextReport.get();
        if (now >= next && now != total && nextReport.compareAndSet(next, now + step(now))) {
            report(progress.get());
        }
    }

    private void report(Progress listener) {
        Runnable action = () -> tell(listener, done.get());
        if (!home.post(() -> scope.at(home).run(action))) {
            action.run(); // that home is gone, and the listener is not its own any more
        }
    }

    private void tell(Progress listener, long now) {
        try {
            listener.at(now, total);
        } catch (RuntimeException | Error problem) {
            home.report(problem, scope);
        }
    }

    /// Throws what failed, or tells of the end.
    void end() {
        PieceException first = failures.pollFirst();
        if (first != null) {
            failures.forEach(first::addSuppressed);
            throw first;
        }
        progress.ifPresent(this::report);
    }

    /// Throws what went wrong at an element, or keeps it for the end.
    void failed(long index, Throwable problem) {
        RuntimeException failure = PieceException.at(index, problem);
        if (!toEnd || !(failure instanceof PieceException kept)) {
            throw failure;
        }
        if (failed.incrementAndGet() <= KEPT) {
            failures.add(kept);
        }
    }

    boolean isOver() {
        return over;
    }

    void finish() {
        over = true;
    }
}
