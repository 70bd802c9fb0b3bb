package dev.thrum.verify.bench.micro;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.concurrent.TimeUnit;

/// Netty's `HashedWheelTimer`: ticks of a tenth of a second, a thread of its own, timers made by others.
public class NettyWheelTimers extends Timers {

    private final HashedWheelTimer wheel = new HashedWheelTimer();
    private final Timeout[] timers = new Timeout[TIMERS];

    @Override
    protected void onLoop(Runnable action) {
        action.run();
    }

    @Override
    protected void schedule(int index, int millis) {
        timers[index] = wheel.newTimeout(_ -> nothing(), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void cancel(int index) {
        timers[index].cancel();
    }

    @Override
    protected void close() {
        wheel.stop();
    }
}
