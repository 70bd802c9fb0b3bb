package dev.thrum.verify.bench.micro;

import dev.thrum.loop.EventLoop;
import java.time.Duration;

/// One event loop of Thrum's on a thread of its own.
final class ThrumLoop implements AutoCloseable {

    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final EventLoop loop = EventLoop.start("bench");

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
