package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.http.Http1;
import dev.thrum.net.Socket;
import dev.thrum.scope.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A snapshot in its place on a server: from the time it may get requests until the last of them is over.
final class Version implements Consumer<Exchange> {
    /*
     * Requests are counted only if they outlast the call that serves them: what is answered at once, most of it, touches
     * nothing that loops share. So a count of zero says that nothing is in work only after every loop has been seen between
     * two callbacks since the version has lost its place: then none can be about to begin one.
     */
    private final Snapshot app;
    private final Load load;
    private final Dispatcher dispatcher;
    private final Http1.Terms terms;
    private final AtomicInteger inWork = new AtomicInteger(1); // its place counts as one
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    /// @param loops how many share the memory
    Version(Snapshot app, Scope scope, Gate gate, Load load, int loops) {
        Scope within = app.bindings().apply(scope);
        this.app = app;
        this.load = load;
        this.dispatcher = new Dispatcher(app, gate, within, this::serve);
        this.terms = new Http1.Terms(
                app.limits(), app.timeouts(), dispatcher, within, app.capacity().memory() / loops);
    }

    Snapshot app() {
        return app;
    }

    Http1.Terms terms() {
        return terms;
    }

    /// Hears of a new connection, on its loop.
    void connected(Socket socket) {
        dispatcher.connected(socket);
    }

    private void serve(Exchange exchange) {
        try {
            load.serve(exchange, app, terms.memory(), dispatcher);
        } finally {
            if (!exchange.isFinished()) {
                inWork.incrementAndGet();
                exchange.onFinished(this);
            }
        }
    }

    /// One of its requests is over.
    @Override
    public void accept(Exchange exchange) {
        leave();
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
