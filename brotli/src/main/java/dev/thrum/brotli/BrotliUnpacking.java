package dev.thrum.brotli;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.thrum.http.HttpException;
import dev.thrum.plugins.ContentCoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// Unpacks one body. Loop thread only.
final class BrotliUnpacking implements ContentCoding.Unpacking {
    private static final int PIECE = 8 << 10;
    private static final int MOST_WINDOW_BITS = 22;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DecoderJNI.Wrapper decoder;
    private final byte[] made = new byte[PIECE];
    private ByteBuffer fed = NOTHING; // what has not gone to the native code
    private ByteBuffer pulled = NOTHING; // memory of the native code, until it is called again
    private boolean begun;
    private boolean going; // output was pulled, so there may be more, even if the native code asks for input
    private boolean closed;

    BrotliUnpacking() {
        try {
            decoder = new DecoderJNI.Wrapper(PIECE);
        } catch (IOException noMemory) {
            throw new UncheckedIOException(noMemory);
        }
    }

    @Override
    public void feed(ByteBuffer bytes) {
        if (!begun) {
            begun = true;
            checkWindow(bytes.get(bytes.position()));
        }
        fed = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    /// Looks at the size of the window, which stands in the first bits (RFC 7932 §9.1).
    private static void checkWindow(int first) {
        boolean usual = (first & 1) == 0; // 16 bits
        int bits = 17 + (first >> 1 & 7); // 17 for smaller ones, too
        if (!usual && bits > MOST_WINDOW_BITS) {
            throw new HttpException(413, "the body is packed with a window of more than 4 MiB (limit window)");
        }
    }

    @Override
    public ByteBuffer next() {
        while (true) {
            if (pulled.hasRemaining()) {
                int count = Math.min(pulled.remaining(), PIECE);
                pulled.get(made, 0, count);
                return ByteBuffer.wrap(made, 0, count);
            }
            if (decoder.hasOutput()) {
                pull();
            } else if (!goOn()) {
                return NOTHING;
            }
        }
    }

    /// {@return whether the native code has had anything to do}
    private boolean goOn() {
        switch (decoder.getStatus()) {
            case NEEDS_MORE_OUTPUT -> pull();
            case OK -> decoder.push(0);
            case NEEDS_MORE_INPUT -> {
                if (!fed.hasRemaining() && !going) {
                    return false;
                }
                going = false;
                push();
            }
            case DONE -> {
                if (fed.hasRemaining()) {
                    throw new HttpException(400, "something stands behind the packed body");
                }
                return false;
            }
            case ERROR -> throw new HttpException(400, "the body is not well packed");
        }
        return true;
    }

    private void pull() {
        pulled = decoder.pull();
        going = true;
    }

    private void push() {
        int count = Math.min(fed.remaining(), PIECE);
        decoder.getInputBuffer().clear().put(fed.slice(fed.position(), count));
        fed.position(fed.position() + count);
        decoder.push(count);
    }

    @Override
    public boolean isWhole() {
        return decoder.getStatus() == DecoderJNI.Status.DONE;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pulled = NOTHING;
            decoder.destroy();
        }
    }
}
