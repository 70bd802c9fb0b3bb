package dev.thrum.verify.bench.micro;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;

/// Thrum's promises at the root home, where any thread may attach and settle, as with the JDK's.
public class ThrumAtRootPromiseChain extends PromiseChain {

    @Override
    protected int chain(int value) {
        Resolver<Integer> head = Resolver.create();
        Promise<Integer> tail = head.promise();
        for (int i = 0; i < MAPS; i++) {
            tail = tail.map(PromiseChain::increment);
        }
        head.resolve(value);
        return tail.state() instanceof Promise.Fulfilled<Integer>(Integer result) ? result : 0;
    }
}
