package dev.thrum.system;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Moves bytes from a source that blocks to a sink at home, one piece at a time.
final class Pump {
    /*
     * One buffer goes back and forth: a thread of the executor fills it, the home hands it to the sink, and when the sink's
     * promise is settled the next read begins. No thread is kept while the sink takes its time.
     *
     *   AWAY ──read──▶ HERE ──taken──▶ AWAY …        the buffer is with the executor, or at home
     *     └──stop──▶ STOPPING ──read──▶ OVER         the reading thread closes the source
     *                HERE ──stop, end──▶ OVER         whoever moves it there has the source closed
     *
     * All of it is ordered by the executor's queue and the home's; only stop() comes from anywhere.
     */
    private static final int AWAY = 0;
    private static final int HERE = 1;
    private static final int STOPPING = 2;
    private static final int OVER = 3;

    private final Steps steps;
    private final Source source;
    private final ByteSink sink;
    private final ByteBuffer buffer;
    private final Scope scope = Scope.current();
    private final Home home = scope.home();
    private final Resolver<Long> resolver = Resolver.holding();
    private final AtomicInteger state = new AtomicInteger(AWAY); // see above
    private Registration cancellation = Registration.none(); // written before the first step
    private Registration homesEnd = Registration.none(); // likewise
    private long total; // handed on with the buffer

    /// Where the blocking steps run.
    @FunctionalInterface
    interface Steps {
        /// Runs a step on another thread, soon.
        /// @throws RejectedExecutionException if no thread can be had
        void proceed(Runnable step);
    }

    /// What is read; on a thread that may block, by one at a time.
    interface Source {
        /// {@return how many bytes were read, -1 at the end}
        int read(ByteBuffer into) throws IOException;

        void close() throws IOException;
    }

    private Pump(Steps steps, Source source, ByteSink sink, ByteBuffer buffer) {
        this.steps = steps;
        this.source = source;
        this.sink = sink;
        this.buffer = buffer;
    }

    /// {@return how many bytes went through, once the source has ended and is closed}
    static Promise<Long> start(Steps steps, Source source, ByteSink sink, ByteBuffer buffer) {
        var pump = new Pump(steps, source, sink, buffer);
        pump.resolver.onCancel(reason -> pump.stop());
        pump.cancellation = pump.scope.onCancel(reason -> {
            pump.resolver.reject(reason); // before the closed source can be told
            pump.stop();
        });
        pump.homesEnd = Ends.on(pump.home, () -> pump.resolver.promise().cancel()); // or a posted piece might be dropped
        pump.readNext();
        return pump.resolver.promise();
    }

    private void readNext() {
        try {
            steps.proceed(this::read);
        } catch (RejectedExecutionException e) {
            state.set(OVER);
            close(null, e);
        }
    }

    // ---- on a thread that may block

    private void read() {
        int count = -1;
        Throwable problem = null;
        if (state.get() == AWAY) {
            try {
                count = source.read(buffer.clear());
            } catch (Throwable e) {
                problem = e;
            }
        }
        if (count > 0 && state.compareAndSet(AWAY, HERE)) {
            if (!home.post(() -> scope.run(this::deliver)) && state.compareAndSet(HERE, OVER)) {
                close(null, null); // the home has ended
            }
        } else {
            state.set(OVER);
            close(total, problem);
        }
    }

    /// Closes the source, and tells the end.
    /// @param result what went through, if this is an orderly end
    private void close(@Nullable Long result, @Nullable Throwable problem) {
        Throwable reason = problem;
        try {
            source.close();
        } catch (Throwable e) {
            if (reason == null) {
                reason = e;
            } else if (reason != e) { // an exception takes no other along than another
                reason.addSuppressed(e);
            }
        }
        cancellation.close();
        homesEnd.close();
        if (reason != null) {
            resolver.reject(reason);
        } else if (result != null) {
            resolver.resolve(result);
        } else {
            resolver.reject(new ClosedChannelException());
        }
    }

    // ---- at home

    private void deliver() {
        if (state.get() != HERE) {
            return;
        }
        int count = buffer.flip().remaining();
        try {
            sink.take(buffer).map(taken -> goOn(count)).recover(Throwable.class, this::failed);
        } catch (Throwable problem) {
            failed(problem);
        }
    }

    /// The sink has taken a piece; its promise may have a home of its own.
    private boolean goOn(int count) {
        total += count;
        boolean wanted = state.compareAndSet(HERE, AWAY);
        if (wanted) {
            readNext();
        }
        return wanted;
    }

    private boolean failed(Throwable problem) {
        if (state.compareAndSet(HERE, OVER)) {
            closeAway(problem);
        }
        return false;
    }

    // ---- anywhere

    private void stop() {
        while (!state.compareAndSet(AWAY, STOPPING)) {
            if (state.compareAndSet(HERE, OVER)) {
                closeAway(new ClosedChannelException());
                return;
            }
            if (state.get() >= STOPPING) {
                return;
            }
        }
    }

    private void closeAway(Throwable reason) {
        try {
            steps.proceed(() -> close(null, reason));
        } catch (RejectedExecutionException e) {
            close(null, reason); // the lane is gone; a file closes quickly
        }
    }
}
