package dev.thrum.verify.bench.micro;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// `schedule` on a Netty loop: what ratios refer to.
public class NettyTimers extends Timers {

    private final NettyLoop netty = new NettyLoop();
    private final ScheduledFuture<?>[] timers = new ScheduledFuture<?>[TIMERS];

    @Override
    protected void onLoop(Runnable action) {
        netty.loop().execute(action);
    }

    @Override
    protected void schedule(int index, int millis) {
        timers[index] = netty.loop().schedule(Timers::nothing, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void cancel(int index) {
        timers[index].cancel(false);
    }

    @Override
    protected void close() {
        netty.close();
    }
}
