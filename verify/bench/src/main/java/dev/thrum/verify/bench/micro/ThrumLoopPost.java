package dev.thrum.verify.bench.micro;

import dev.thrum.loop.Notifier;
import java.util.concurrent.CompletableFuture;

/// A Thrum loop, and its notifier.
public class ThrumLoopPost extends LoopPost {

    private final ThrumLoop loop = new ThrumLoop();
    private final CompletableFuture<Notifier> made = new CompletableFuture<>();

    @Override
    protected void post(Runnable action) {
        loop.loop().execute(action);
    }

    @Override
    protected void onTrigger(Runnable callback) {
        loop.loop().execute(() -> made.complete(loop.loop().notifier(callback).repeating()));
        made.join();
    }

    @Override
    protected void trigger() {
        made.join().trigger();
    }

    @Override
    protected void close() {
        loop.close();
    }
}
