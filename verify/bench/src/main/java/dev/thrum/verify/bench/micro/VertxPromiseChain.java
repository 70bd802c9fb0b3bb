package dev.thrum.verify.bench.micro;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/// Vert.x futures without a context.
public class VertxPromiseChain extends PromiseChain {

    @Override
    protected int chain(int value) {
        Promise<Integer> head = Promise.promise();
        Future<Integer> tail = head.future();
        for (int i = 0; i < MAPS; i++) {
            tail = tail.map(PromiseChain::increment);
        }
        head.complete(value);
        return tail.result();
    }
}
