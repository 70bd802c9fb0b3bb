package dev.thrum.verify.bench.micro;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;

/// Netty promises, which know listeners only: each link is a promise that a listener settles.
public class NettyPromiseChain extends PromiseChain {

    @Override
    protected int chain(int value) {
        Promise<Integer> head = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
        Promise<Integer> tail = head;
        for (int i = 0; i < MAPS; i++) {
            tail = incremented(tail);
        }
        head.setSuccess(value);
        return tail.getNow();
    }

    private static Promise<Integer> incremented(Promise<Integer> source) {
        Promise<Integer> next = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
        source.addListener((Future<Integer> settled) -> next.setSuccess(increment(settled.getNow())));
        return next;
    }
}
