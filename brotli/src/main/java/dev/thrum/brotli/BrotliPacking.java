package dev.thrum.brotli;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import dev.thrum.plugins.ContentCoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// Packs one body. Loop thread only.
final class BrotliPacking implements ContentCoding.Packing {
    private static final int PIECE = 16 << 10; // that goes to the native code at once

    private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
    private final BrotliOutputStream out;
    private boolean closed;

    BrotliPacking(Encoder.Parameters parameters) {
        try {
            out = new BrotliOutputStream(packed, parameters, PIECE);
        } catch (IOException noMemory) {
            throw new UncheckedIOException(noMemory);
        }
    }

    @Override
    public ByteBuffer filter(ByteBuffer bytes, boolean last) {
        if (closed) {
            throw new IllegalStateException("the answer is over");
        }
        if (!bytes.hasRemaining() && !last) {
            return bytes;
        }
        try {
            write(bytes);
            if (last) {
                close();
            } else {
                out.flush(); // so that it can be unpacked when it arrives
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        ByteBuffer piece = ByteBuffer.wrap(packed.toByteArray());
        packed.reset();
        return piece;
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (bytes.hasArray()) {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            out.write(copy);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                out.close();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
