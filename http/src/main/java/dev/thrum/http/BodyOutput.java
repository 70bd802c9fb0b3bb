package dev.thrum.http;

import dev.thrum.promise.RejectedPromiseException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Writes the body of an answer from a thread that may block. One thread at a time.
final class BodyOutput extends OutputStream {
    private final BodyWriter writer;
    private boolean closed;

    BodyOutput(BodyWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        byte[] piece = new byte[length]; // the caller may use its array again
        System.arraycopy(bytes, offset, piece, 0, length);
        try {
            writer.write(ByteBuffer.wrap(piece)).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while the client was slow").initCause(e);
        } catch (RejectedPromiseException gone) {
            throw new IOException("the client went away, or the answer was cut off", gone.getCause());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            writer.finish();
        }
    }
}
