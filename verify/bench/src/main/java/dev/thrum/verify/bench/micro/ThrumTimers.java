package dev.thrum.verify.bench.micro;

import dev.thrum.loop.Timer;
import java.time.Duration;

/// `after` on a Thrum loop.
public class ThrumTimers extends Timers {

    private final ThrumLoop loop = new ThrumLoop();
    private final Timer[] timers = new Timer[TIMERS];

    @Override
    protected void onLoop(Runnable action) {
        loop.loop().execute(action);
    }

    @Override
    protected void schedule(int index, int millis) {
        timers[index] = loop.loop().after(Duration.ofMillis(millis), Timers::nothing);
    }

    @Override
    protected void cancel(int index) {
        timers[index].close();
    }

    @Override
    protected void close() {
        loop.close();
    }
}
