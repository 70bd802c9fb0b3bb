package dev.thrum.verify.bench.micro;

import dev.thrum.promise.Resolver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Thrum's promises, which come home by themselves.
public class ThrumPromiseHop extends PromiseHop {

    private final ThrumLoop loop = new ThrumLoop();
    private final List<Resolver<Integer>> resolvers =
            new ArrayList<>(Collections.nCopies(IN_FLIGHT, Resolver.create()));

    @Override
    protected void onLoop(Runnable action) {
        loop.loop().execute(action);
    }

    @Override
    protected void ask(int index) {
        Resolver<Integer> resolver = Resolver.create();
        resolver.promise().tap(this::arrive);
        resolvers.set(index, resolver);
    }

    @Override
    protected void settle(int index, int value) {
        resolvers.get(index).resolve(value);
    }

    @Override
    protected void close() {
        loop.close();
    }
}
