package dev.thrum.verify.bench.micro;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Vert.x promises of a context, with a callback each.
public class VertxPromiseHop extends PromiseHop {

    private final VertxLoop loop = new VertxLoop();
    private final List<Promise<Integer>> promises =
            new ArrayList<>(Collections.nCopies(IN_FLIGHT, Promise.promise()));

    @Override
    protected void onLoop(Runnable action) {
        loop.execute(action);
    }

    @Override
    protected void ask(int index) {
        promises.set(index, loop.promise(this::arrive));
    }

    @Override
    protected void settle(int index, int value) {
        promises.get(index).complete(value);
    }

    @Override
    protected void close() {
        loop.close();
    }
}
