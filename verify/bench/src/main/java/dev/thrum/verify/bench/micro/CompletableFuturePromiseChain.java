package dev.thrum.verify.bench.micro;

import java.util.concurrent.CompletableFuture;

/// `CompletableFuture`: what ratios refer to.
public class CompletableFuturePromiseChain extends PromiseChain {

    @Override
    protected int chain(int value) {
        var head = new CompletableFuture<Integer>();
        CompletableFuture<Integer> tail = head;
        for (int i = 0; i < MAPS; i++) {
            tail = tail.thenApply(PromiseChain::increment);
        }
        head.complete(value);
        return tail.join();
    }
}
