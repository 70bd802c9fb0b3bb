package dev.thrum.verify.bench.micro;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Netty promises of a loop, with a listener each.
public class NettyPromiseHop extends PromiseHop {

    private final NettyLoop netty = new NettyLoop();
    private final List<Promise<Integer>> promises =
            new ArrayList<>(Collections.nCopies(IN_FLIGHT, ImmediateEventExecutor.INSTANCE.newPromise()));

    @Override
    protected void onLoop(Runnable action) {
        netty.loop().execute(action);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The callback is what is waited for.
    protected void ask(int index) {
        Promise<Integer> promise = netty.loop().newPromise();
        promise.addListener((Future<Integer> settled) -> arrive(settled.getNow()));
        promises.set(index, promise);
    }

    @Override
    protected void settle(int index, int value) {
        promises.get(index).setSuccess(value);
    }

    @Override
    protected void close() {
        netty.close();
    }
}
