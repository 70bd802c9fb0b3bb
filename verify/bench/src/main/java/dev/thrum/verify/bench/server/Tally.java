package dev.thrum.verify.bench.server;

import java.util.function.Consumer;

/// The hook of every Java peer: it counts the requests. Confined to the one loop's thread.
final class Tally implements Consumer<Object> {

    private long requests;

    @Override
    public void accept(Object request) {
        requests++;
    }

    @Override
    public String toString() {
        return requests + " requests";
    }
}
