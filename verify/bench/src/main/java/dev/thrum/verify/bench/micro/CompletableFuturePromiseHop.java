package dev.thrum.verify.bench.micro;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// `CompletableFuture.thenAcceptAsync` on a Netty loop: what ratios refer to.
public class CompletableFuturePromiseHop extends PromiseHop {

    private final NettyLoop netty = new NettyLoop();
    private final List<CompletableFuture<Integer>> futures =
            new ArrayList<>(Collections.nCopies(IN_FLIGHT, new CompletableFuture<>()));

    @Override
    protected void onLoop(Runnable action) {
        netty.loop().execute(action);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The callback is what is waited for.
    protected void ask(int index) {
        var future = new CompletableFuture<Integer>();
        future.thenAcceptAsync(this::arrive, netty.loop());
        futures.set(index, future);
    }

    @Override
    protected void settle(int index, int value) {
        futures.get(index).complete(value);
    }

    @Override
    protected void close() {
        netty.close();
    }
}
