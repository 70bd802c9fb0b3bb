package dev.thrum.verify.bench.micro;

import dev.thrum.loop.Notifier;
import java.util.concurrent.CompletableFuture;

/// A Thrum loop, and its notifier.
public class ThrumLoopPost extends LoopPost {

    private final ThrumLoop loop;
    private final CompletableFuture<Notifier> made = new CompletableFuture<>();

    public ThrumLoopPost() {
        this(0);
    }

    /// @param spins how often the loop looks for work before it sleeps
    protected ThrumLoopPost(int spins) {
        loop = new ThrumLoop(spins);
    }

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
