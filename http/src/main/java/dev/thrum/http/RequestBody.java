package dev.thrum.http;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The body of one request, on its way from the connection to whoever wants it.
final class RequestBody {
    /*
     * UNWANTED: nobody has asked, so the connection is not read; that is the whole of back-pressure. WANTED: pieces go to
     * the sink; while it has one in work (busy) the connection is not read either. UNHEARD: what still comes is dropped,
     * up to a bound, so that the next request can follow; beyond it the connection has to go. Loop thread only.
     */
    private enum Mode {
        UNWANTED,
        WANTED,
        UNHEARD
    }

    /// How much of a body that nobody wants is read for the sake of the next request.
    private static final int MAX_UNHEARD = 256 << 10;

    private final Connection connection;
    private final Http1Exchange exchange;
    private final @Nullable ChunkDecoder chunks; // null: counted by Content-Length
    private Mode mode = Mode.UNWANTED;
    private long remaining; // of Content-Length
    private long received;
    private long limit = Long.MAX_VALUE;
    private boolean continueExpected;
    private boolean busy;
    private boolean complete;
    private long waited; // nanoseconds that somebody has waited for bytes, as the sweeps saw it
    private @Nullable BodySink sink;
    private @Nullable Resolver<Long> done;

    RequestBody(Connection connection, Http1Exchange exchange, Head head, Limits limits) {
        this.connection = connection;
        this.exchange = exchange;
        this.chunks = head.chunked ? new ChunkDecoder(limits) : null;
        this.remaining = head.contentLength;
        this.continueExpected = head.expectsContinue;
    }

    /// Starts the flow to `sink`.
    void want(BodySink taker, long most, Resolver<Long> end) {
        if (exchange.isAborted()) {
            end.reject(new IOException("the client went away"));
            return;
        }
        if (mode != Mode.UNWANTED) {
            throw new IllegalStateException("the body of a request is read once, before the answer is sent");
        }
        sink = taker;
        done = end;
        limit = most;
        mode = Mode.WANTED;
        if (chunks == null && remaining > most) {
            tooLong();
            return;
        }
        if (continueExpected && received == 0) {
            exchange.sendContinue();
        }
        continueExpected = false;
        connection.resume();
    }

    /// {@return whether somebody waits for bytes}
    boolean isAwaited() {
        return mode != Mode.UNWANTED && !busy && !complete;
    }

    /// Looks at the pace, `nanos` after the last look, while somebody waits.
    /// @return whether it comes too slowly: less than `rate` bytes a second, after `grace` nanoseconds
    boolean isTooSlow(long nanos, long grace, int rate) {
        waited += nanos;
        return waited >= grace && received < (double) waited / 1e9 * rate;
    }

    boolean isComplete() {
        return complete;
    }

    /// {@return whether the connection can go on after an answer that leaves this body unread}
    boolean canBeSkipped() {
        boolean notTold = continueExpected && received == 0;
        return mode != Mode.UNWANTED || (!notTold && (chunks != null || remaining <= MAX_UNHEARD));
    }

    /// Lets the rest go by, now that the answer is sent.
    void skipUnlessWanted() {
        if (mode == Mode.UNWANTED) {
            mode = Mode.UNHEARD;
            limit = received + MAX_UNHEARD;
            connection.resume();
        }
    }

    /// Takes what it can from `bytes`.
    /// @return whether the rest may be looked at
    boolean read(ByteBuffer bytes) {
        if (mode == Mode.UNWANTED || busy) {
            connection.pause();
            return false;
        }
        int count = available(bytes);
        if (count > 0) {
            take(bytes, count);
        }
        if (!complete && isAllThere()) {
            complete = true;
            connection.bodyComplete();
            settle();
        }
        return true;
    }

    private int available(ByteBuffer bytes) {
        return chunks == null ? (int) Math.min(remaining, bytes.remaining()) : chunks.next(bytes);
    }

    private boolean isAllThere() {
        return chunks == null ? remaining == 0 : chunks.isDone();
    }

    private void take(ByteBuffer bytes, int count) {
        ByteBuffer piece = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        received += count;
        if (chunks == null) {
            remaining -= count;
        } else {
            chunks.took(count);
        }
        if (received > limit) {
            tooLong();
        } else if (sink != null) {
            give(sink, piece);
        }
    }

    private void give(BodySink taker, ByteBuffer piece) {
        Promise<?> taken;
        try {
            taken = taker.take(piece);
        } catch (Throwable problem) {
            fail(problem);
            return;
        }
        if (taken.state() instanceof Promise.Fulfilled<?>) {
            return;
        }
        busy = true;
        taken.map(value -> connection.onLoop(this::taken))
                .recover(Throwable.class, problem -> connection.onLoop(() -> refused(problem)));
    }

    private void taken() {
        busy = false;
        if (complete) {
            settle();
        } else {
            connection.resume();
        }
    }

    private void refused(Throwable problem) {
        busy = false;
        fail(problem);
        connection.resume();
    }

    private void settle() {
        if (done != null && !busy) {
            Resolver<Long> end = done;
            done = null;
            end.resolve(received);
        }
    }

    private void tooLong() {
        if (mode == Mode.UNHEARD) {
            connection.stopReading();
            return;
        }
        String name = limit == connection.limits().body() ? "body" : "upload";
        if (!canDrop()) {
            connection.stopReading();
        }
        fail(HttpException.ofInput(413, "the body is longer than " + limit + " bytes (limit " + name + ")"));
    }

    private boolean canDrop() {
        return !continueExpected && (chunks != null || remaining <= MAX_UNHEARD);
    }

    /// Ends the flow: whoever waits for the body gets `problem`, what still comes is dropped.
    void fail(Throwable problem) {
        mode = Mode.UNHEARD;
        sink = null;
        limit = received + MAX_UNHEARD;
        Resolver<Long> end = done;
        done = null;
        if (end != null) {
            end.reject(problem);
        }
    }

    /// Ends the flow because there will be no more bytes.
    void cut(Throwable why) {
        fail(why instanceof HttpException ? why : new IOException("the body ends too early", why));
    }
}
