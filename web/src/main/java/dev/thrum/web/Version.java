package dev.thrum.web;

import dev.thrum.http.Http1;
import dev.thrum.net.Socket;
import dev.thrum.scope.Scope;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A snapshot in its place on a server: from the time it may get requests until the last of them is over.
final class Version {
    /*
     * Requests are counted only if they outlast the call that serves them: what is answered at once, most of it, touches
     * nothing that loops share. So a count of zero says that nothing is in work only after every loop has been seen between
     * two callbacks since the version has lost its place: then none can be about to begin one.
     */
    private final Snapshot app;
    private final Desk[] desks; // one for each loop
    private final Http1.Terms[] terms; // theirs; loops look for every request, so they are near at hand
    private final Optional<BudgetWatch> budget;
    private final AtomicInteger inWork = new AtomicInteger(1); // its place counts as one
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    /// @param tallies those of the loops, in their order
    Version(Snapshot app, Scope scope, Gate gate, Load load, List<Tally> tallies, Supplier<Metrics> metrics) {
        Scope within = app.bindings().apply(scope);
        long memory = app.capacity().memory() / tallies.size();
        this.app = app;
        this.desks = new Desk[tallies.size()];
        this.terms = new Http1.Terms[tallies.size()];
        for (int i = 0; i < desks.length; i++) {
            desks[i] = new Desk(this, within, gate, load, tallies.get(i), memory);
            terms[i] = desks[i].terms();
        }
        this.budget = app.errorBudget().map(each -> new BudgetWatch(each, app, scope, metrics));
    }

    Snapshot app() {
        return app;
    }

    /// {@return on what terms a loop serves its next request}
    /// @param loop its number on the server
    Http1.Terms terms(int loop) {
        return terms[loop];
    }

    Optional<BudgetWatch> budget() {
        return budget;
    }

    /// Hears of a new connection, on its loop.
    void connected(Socket socket) {
        desks[0].dispatcher().connected(socket);
    }

    /// One of its requests outlasts the call that serves it; then [#leave] has to follow.
    void enter() {
        inWork.incrementAndGet();
    }

    /// Gives up its place, after all loops have been seen; or one of its requests is over.
    void leave() {
        if (inWork.decrementAndGet() == 0) {
            over.complete(true);
        }
    }

    /// Waits until the last request is over, and its place given up.
    void awaitEnd() {
        over.join();
    }
}
