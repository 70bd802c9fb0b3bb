package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A part of a file as the body of an answer, which closes the file in the end.
/// @param file open for reading
/// @param position where the part begins
/// @param length how many bytes it has
record FileBody(FileChannel file, long position, long length) {

    /// @throws IllegalArgumentException if a number is negative
    FileBody {
        requireNonNull(file, "file");
        if (position < 0 || length < 0) {
            throw new IllegalArgumentException("position and length must not be negative: " + position + ", " + length);
        }
    }

    void close() {
        try {
            file.close();
        } catch (IOException e) {
            Home.current().report(e, Scope.current());
        }
    }

    /// {@return it as a stream, for a thread that may block} Its end closes the file.
    InputStream input() {
        return new InputStream() {
            private long read;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                if (read == length) {
                    return -1;
                }
                int most = (int) Math.min(count, length - read);
                int got = file.read(ByteBuffer.wrap(bytes, offset, most), position + read);
                if (got < 0) {
                    throw new EOFException("the file is shorter than " + (position + length) + " bytes");
                }
                read += got;
                return got;
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
