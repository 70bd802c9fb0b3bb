package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.http.HttpException;
import dev.thrum.loop.EventLoop;
import dev.thrum.scope.Registration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a server works on, for all of its loops and all versions of its application, and who waits in line.
final class Load implements Consumer<Exchange> {
    /*
     * A request takes a place only if it outlasts the call that serves it, so what is answered at once reads two fields and
     * writes none. Hence each loop may exceed the limit by the one it is just serving.
     *
     * Whoever leaves gives the place up and then looks at the line; whoever joins the line then looks for a place: one of the
     * two sees the other. A place that is taken for the line is handed over to the loop of who waits there, in a turn of its
     * own, so that a long line is no deep stack. Who has run out of patience, or whose client has gone, is claimed already and gives
     * the place back.
     */
    private final AtomicInteger inWork = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Waiting> line = new ConcurrentLinkedQueue<>();
    private final LongAdder shed = new LongAdder();
    private volatile int places; // as of the version that answers now

    /// One who waits in line, on the loop of its connection.
    private final class Waiting implements Runnable {
        private final EventLoop loop = EventLoop.current();
        private final Exchange exchange;
        private final Consumer<Exchange> service;
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final Registration patience;

        Waiting(Exchange exchange, Capacity capacity, Consumer<Exchange> service) {
            this.exchange = exchange;
            this.service = service;
            this.patience = loop.schedule(capacity.patience(), this::giveUp);
        }

        private void giveUp() {
            if (claimed.compareAndSet(false, true)) {
                if (line.remove(this)) {
                    waiting.decrementAndGet();
                }
                exchange.scope().run(() -> refuse(exchange, "too many requests are in work (limit requests)"));
            }
        }

        /// Has got a place.
        @Override
        public void run() {
            if (!claimed.compareAndSet(false, true) || exchange.isFinished()) {
                leave();
                return;
            }
            patience.close();
            exchange.scope().run(() -> {
                try {
                    service.accept(exchange);
                } catch (Throwable problem) {
                    exchange.fail(problem);
                }
            });
            exchange.onFinished(Load.this);
        }
    }

    /// Sets how many may be in work.
    void places(int most) {
        places = most;
        wake();
    }

    long shed() {
        return shed.sum();
    }

    /// {@return how many requests have a place}
    int inWork() {
        return inWork.get();
    }

    /// {@return how many are in line}
    int waiting() {
        return waiting.get();
    }

    /// Serves an exchange, on its loop: now, or when there is room; or refuses it.
    /// @param isFull whether the loop has no memory left for more
    void serve(Exchange exchange, Snapshot app, boolean isFull, Dispatcher dispatcher) {
        Capacity capacity = app.capacity();
        boolean full = inWork.get() >= places;
        String reason = reason(app, isFull);
        if ((!full && reason == null) || dispatcher.isVital(exchange)) {
            serveNow(exchange, dispatcher);
        } else if (reason != null) {
            refuse(exchange, reason);
        } else {
            lineUp(exchange, capacity, dispatcher);
        }
    }

    private static @Nullable String reason(Snapshot app, boolean isFull) {
        if (isFull) {
            return "too much waits for its clients (limit memory)";
        }
        for (Pressure pressure : app.pressures()) {
            if (pressure.isHigh()) {
                return pressure.reason();
            }
        }
        return null;
    }

    private void serveNow(Exchange exchange, Dispatcher dispatcher) {
        try {
            dispatcher.begin(exchange);
        } finally {
            if (!exchange.isFinished()) {
                inWork.incrementAndGet();
                exchange.onFinished(this);
            }
        }
    }

    private void lineUp(Exchange exchange, Capacity capacity, Dispatcher dispatcher) {
        if (waiting.incrementAndGet() > capacity.waiting()) {
            waiting.decrementAndGet();
            refuse(exchange, "too many requests are in work (limit requests)");
            return;
        }
        line.add(new Waiting(exchange, capacity, dispatcher::begin));
        wake();
    }

    private void refuse(Exchange exchange, String reason) {
        shed.increment();
        exchange.fail(new HttpException(503, reason).withHeader("Retry-After", "1"));
    }

    /// One that has had a place is over.
    @Override
    public void accept(Exchange exchange) {
        leave();
    }

    private void leave() {
        inWork.decrementAndGet();
        wake();
    }

    /// Hands free places to those in line.
    private void wake() {
        while (!line.isEmpty()) {
            int now = inWork.get();
            if (now >= places) {
                return;
            }
            if (inWork.compareAndSet(now, now + 1)) {
                Waiting next = line.poll();
                if (next == null) {
                    inWork.decrementAndGet();
                    continue;
                }
                waiting.decrementAndGet();
                if (!next.loop.post(next)) { // its loop has ended, and its connections with it
                    inWork.decrementAndGet();
                }
            }
        }
    }
}
