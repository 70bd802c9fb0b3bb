package dev.thrum.web;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/// Looks again and again at what one version of an application has spent of its error budget.
final class BudgetWatch {
    /*
     * It keeps what had been counted at each of the last looks, in a ring, and compares now with the oldest: requests pay nothing
     * for it. Looks are taken one at a time, by the timer; anybody may read what the last one has found.
     */
    private static final int LOOKS = 60; // while the window lasts
    private static final double ENOUGH = 0.5; // of the budget must be left to count as unspent again

    private final ErrorBudget budget;
    private final Snapshot app;
    private final Scope scope;
    private final Supplier<Metrics> metrics;
    private final long[] answers = new long[LOOKS];
    private final long[] failures = new long[LOOKS];
    private int next;
    private volatile ErrorBudget.Spending last;
    private volatile Registration timer = Registration.none();
    private volatile boolean closed;

    BudgetWatch(ErrorBudget budget, Snapshot app, Scope scope, Supplier<Metrics> metrics) {
        this.budget = budget;
        this.app = app;
        this.scope = scope.at(Home.root());
        this.metrics = metrics;
        this.last = new ErrorBudget.Spending(app.name(), 0, 0, 0, false);
    }

    /// Begins, at what is counted now.
    void start() {
        Metrics now = metrics.get();
        Arrays.fill(answers, answered(now));
        Arrays.fill(failures, failed(now));
        schedule();
    }

    private void schedule() {
        Duration pause = budget.window().dividedBy(LOOKS);
        timer = scope.call(() -> Home.root().schedule(pause, this::tick));
        if (closed) {
            timer.close();
        }
    }

    private void tick() {
        if (!closed) {
            try {
                look();
            } finally {
                schedule();
            }
        }
    }

    /// Looks once.
    void look() {
        Metrics now = metrics.get();
        long answered = answered(now) - answers[next];
        long failed = Math.max(0, failed(now) - failures[next]);
        answers[next] = answered(now);
        failures[next] = failed(now);
        next = (next + 1) % LOOKS;
        double spent = answered <= 0 ? 0 : failed / (budget.share() * answered);
        boolean before = last.isSpent();
        boolean isSpent = before ? spent >= ENOUGH : spent >= 1 && answered >= budget.least();
        last = new ErrorBudget.Spending(app.name(), Math.max(0, answered), failed, spent, isSpent);
        if (isSpent != before) {
            app.log().log(isSpent ? Level.WARNING : Level.INFO, last.message());
            budget.listener().accept(last);
        }
    }

    /// {@return how many answers count} When health says no, it may be for want of budget: if that cost budget, it would say so for ever.
    private static long answered(Metrics now) {
        return now.answered() - now.unready();
    }

    private static long failed(Metrics now) {
        return now.failed() - now.unready();
    }

    ErrorBudget.Spending last() {
        return last;
    }

    void close() {
        closed = true;
        timer.close();
    }
}
