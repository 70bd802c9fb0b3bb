package dev.thrum.verify.bench.micro;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import java.time.Duration;

/// One event loop of Thrum's on a thread of its own.
final class ThrumLoop implements AutoCloseable {

    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final EventLoop loop;

    ThrumLoop() {
        this(0);
    }

    /// @param spins how often it looks for work before it sleeps
    ThrumLoop(int spins) {
        loop = EventLoop.start(LoopConfig.named("bench").withSpins(spins));
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        loop.exit();
        try {
            if (!loop.awaitEnd(END_LIMIT)) {
                throw new IllegalStateException("the loop has not ended within " + END_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
