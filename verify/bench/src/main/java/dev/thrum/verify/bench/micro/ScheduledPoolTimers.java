package dev.thrum.verify.bench.micro;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The JDK's scheduled pool of one thread, told to forget what is cancelled.
public class ScheduledPoolTimers extends Timers {

    private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
    private final ScheduledFuture<?>[] timers = new ScheduledFuture<?>[TIMERS];

    public ScheduledPoolTimers() {
        pool.setRemoveOnCancelPolicy(true);
    }

    @Override
    protected void onLoop(Runnable action) {
        pool.execute(action);
    }

    @Override
    protected void schedule(int index, int millis) {
        timers[index] = pool.schedule(Timers::nothing, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void cancel(int index) {
        timers[index].cancel(false);
    }

    @Override
    protected void close() {
        pool.close();
    }
}
