package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.http.Http1;
import dev.thrum.net.Buffered;
import dev.thrum.scope.Scope;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the requests of one loop come into a version, and are counted when they are over. On that loop only.
final class Desk implements Consumer<Exchange> {
    private final Version version;
    private final Load load;
    private final Tally tally;
    private final Dispatcher dispatcher;
    private final Http1.Terms terms;
    private @Nullable Buffered buffered; // of the loop, which is not there yet when this is made

    /// @param memory the loop's share
    Desk(Version version, Scope scope, Gate gate, Load load, Tally tally, long memory) {
        Snapshot app = version.app();
        this.version = version;
        this.load = load;
        this.tally = tally;
        this.dispatcher = new Dispatcher(app, gate, scope, tally, this::serve);
        this.terms = new Http1.Terms(app.limits(), app.timeouts(), dispatcher, scope, memory);
    }

    Http1.Terms terms() {
        return terms;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    private void serve(Exchange exchange) {
        try {
            load.serve(exchange, version.app(), isFull(), dispatcher);
        } finally {
            if (exchange.isFinished()) {
                tally.count(exchange);
            } else {
                version.enter();
                exchange.onFinished(this);
            }
        }
    }

    /// {@return whether half of the loop's share of memory is gone}
    private boolean isFull() {
        Buffered here = buffered;
        if (here == null) {
            here = Buffered.here();
            buffered = here;
        }
        return here.bytes() > terms.memory() / 2;
    }

    /// One of its requests is over.
    @Override
    public void accept(Exchange exchange) {
        tally.count(exchange);
        version.leave();
    }
}
