package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Writes the body of one answer as it comes.
final class StreamWriter implements BodyWriter {
    private final Http1Exchange exchange;
    private final Answer answer;
    private final Promise<BodyWriter> ready = Promise.of(this);
    private final long announced; // -1 without Content-Length
    private long written; // by whoever writes, like finished
    private boolean finished;

    private boolean hasBody; // loop thread only, like all below
    private boolean chunked;
    private boolean cut;
    private @Nullable Resolver<BodyWriter> drained; // somebody waits to go on

    StreamWriter(Http1Exchange exchange, Answer answer, long announced) {
        this.exchange = exchange;
        this.answer = answer;
        this.announced = announced;
    }

    void opened(boolean withBody, boolean inChunks) {
        hasBody = withBody;
        chunked = inChunks;
    }

    @Override
    public Promise<BodyWriter> write(String text) {
        return write(ByteBuffer.wrap(requireNonNull(text, "text").getBytes(UTF_8)));
    }

    @Override
    public Promise<BodyWriter> write(ByteBuffer bytes) {
        int count = requireNonNull(bytes, "bytes").remaining();
        if (finished) {
            throw new IllegalStateException("the answer is finished");
        }
        if (announced >= 0 && written + count > announced) {
            throw new IllegalStateException("the answer is longer than its Content-Length of " + announced + " bytes: "
                    + (written + count));
        }
        written += count;
        if (exchange.isHere()) {
            return writeNow(bytes);
        }
        Resolver<BodyWriter> later = Resolver.create();
        if (!exchange.onLoop(() -> later.follow(writeNow(bytes)))) {
            later.reject(gone());
        }
        return later.promise();
    }

    @Override
    public void finish() {
        if (finished) {
            throw new IllegalStateException("the answer is finished");
        }
        finished = true;
        if (announced > written) {
            var problem = new IllegalStateException("the answer is shorter than its Content-Length of " + announced
                    + " bytes: " + written);
            exchange.fail(problem);
            throw problem;
        }
        exchange.onLoop(this::finishNow);
    }

    private static IOException gone() {
        return new IOException("the client went away, or the answer was cut off");
    }

    // ---- on the loop

    private Promise<BodyWriter> writeNow(ByteBuffer bytes) {
        if (cut) {
            return Promise.failed(gone());
        }
        if (hasBody && bytes.hasRemaining()) {
            send(bytes, false);
        }
        if (cut) {
            return Promise.failed(gone());
        }
        if (exchange.isWritable()) {
            return ready;
        }
        if (drained == null) {
            drained = Resolver.create();
            exchange.awaitDrain();
        }
        return drained.promise();
    }

    private void send(ByteBuffer bytes, boolean last) {
        try {
            ByteBuffer filtered = answer.filtered(bytes, last);
            if (filtered.hasRemaining()) {
                exchange.sendPiece(filtered, chunked);
            }
        } catch (RuntimeException problem) { // of the filter
            exchange.fail(problem);
        }
    }

    /// Lets those go on who wait.
    void drained() {
        Resolver<BodyWriter> waiting = drained;
        drained = null;
        if (waiting != null) {
            waiting.resolve(this);
        }
    }

    /// Ends it because nobody is there to read.
    void cut() {
        cut = true;
        Resolver<BodyWriter> waiting = drained;
        drained = null;
        if (waiting != null) {
            waiting.reject(gone());
        }
    }

    private void finishNow() {
        if (!cut && hasBody) {
            send(ByteBuffer.allocate(0), true);
        }
        if (!cut) {
            if (chunked) {
                exchange.sendLastChunk();
            }
            cut = true;
            drained();
            exchange.done();
        }
    }
}
