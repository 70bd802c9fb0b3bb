package dev.thrum.verify.bench.micro;

/// `setTimer` and `cancelTimer` of Vert.x.
public class VertxTimers extends Timers {

    private final VertxLoop loop = new VertxLoop();
    private final long[] timers = new long[TIMERS];

    @Override
    protected void onLoop(Runnable action) {
        loop.execute(action);
    }

    @Override
    protected void schedule(int index, int millis) {
        timers[index] = loop.vertx().setTimer(millis, _ -> nothing());
    }

    @Override
    protected void cancel(int index) {
        loop.vertx().cancelTimer(timers[index]);
    }

    @Override
    protected void close() {
        loop.close();
    }
}
