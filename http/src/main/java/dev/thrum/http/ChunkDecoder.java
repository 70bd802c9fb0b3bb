package dev.thrum.http;

import java.nio.ByteBuffer;

/// Takes off the chunked transfer coding (RFC 9112 §7.1), strictly. Extensions and trailers are checked and dropped.
final class ChunkDecoder {
    private static final int MAX_DIGITS = 15; // a chunk of 2^60 bytes: more than any limit, less than a long

    private enum At {
        SIZE_START,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        DONE
    }

    private final Limits limits;
    private At at = At.SIZE_START;
    private long remaining; // of the chunk
    private int digits;
    private int extra; // bytes of all extensions and trailers together
    private int trailers;

    ChunkDecoder(Limits limits) {
        this.limits = limits;
    }

    /// Reads up to the next data.
    /// @return how many bytes of data stand at the position; 0 if there are no more bytes, or the body is done
    /// @throws HttpException if the coding is malformed
    int next(ByteBuffer bytes) {
        while (at != At.DONE) {
            if (at == At.DATA && remaining > 0) {
                return (int) Math.min(remaining, bytes.remaining());
            }
            if (!bytes.hasRemaining()) {
                return 0;
            }
            at = step(bytes.get());
        }
        return 0;
    }

    /// Says that data was taken.
    void took(int count) {
        remaining -= count;
        if (remaining == 0) {
            at = At.DATA_CR;
        }
    }

    boolean isDone() {
        return at == At.DONE;
    }

    private static HttpException bad(String detail) {
        return HttpException.ofInput(400, detail);
    }

    private At step(byte b) {
        return switch (at) {
            case SIZE_START, SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> afterSize(b);
            case DATA, DATA_CR -> expect(b, '\r', At.DATA_LF);
            case DATA_LF -> expect(b, '\n', At.SIZE_START);
            case TRAILER_START -> b == '\r' ? At.END_LF : trailer(b);
            case TRAILER_NAME -> b == ':' ? count(At.TRAILER_VALUE) : trailerName(b);
            case TRAILER_VALUE -> trailerValue(b);
            case TRAILER_LF -> expect(b, '\n', At.TRAILER_START);
            case END_LF -> expect(b, '\n', At.DONE);
            case DONE -> throw new IllegalStateException("the body is done");
        };
    }

    private static At expect(byte b, char expected, At next) {
        if (b != expected) {
            throw bad("a chunk must end with its line break");
        }
        return next;
    }

    private At size(byte b) {
        int digit = Ascii.hex(b);
        if (digit >= 0) {
            if (++digits > MAX_DIGITS) {
                throw bad("the size of a chunk must be 1 to " + MAX_DIGITS + " hexadecimal digits");
            }
            remaining = remaining << 4 | digit;
            return At.SIZE;
        }
        if (at == At.SIZE && b == '\r') {
            return At.SIZE_LF;
        }
        if (at == At.SIZE && b == ';') {
            return count(At.EXTENSION);
        }
        throw bad("the size of a chunk must be 1 to " + MAX_DIGITS + " hexadecimal digits");
    }

    private At extension(byte b) {
        if (b == '\r') {
            return At.SIZE_LF;
        }
        if (!Ascii.isText(b)) {
            throw bad("control character in a chunk extension");
        }
        return count(At.EXTENSION);
    }

    private At afterSize(byte b) {
        digits = 0;
        return expect(b, '\n', remaining == 0 ? At.TRAILER_START : At.DATA);
    }

    private At trailer(byte b) {
        if (++trailers > limits.headerCount()) {
            throw HttpException.ofInput(
                    431, "there are more than " + limits.headerCount() + " trailer fields (limit headerCount)");
        }
        return trailerName(b);
    }

    private At trailerName(byte b) {
        if (!Ascii.isToken((int) b)) {
            throw bad("a trailer field must be: name, colon, value, on one line");
        }
        return count(At.TRAILER_NAME);
    }

    private At trailerValue(byte b) {
        if (b == '\r') {
            return At.TRAILER_LF;
        }
        if (!Ascii.isText(b)) {
            throw bad("control character in a trailer field");
        }
        return count(At.TRAILER_VALUE);
    }

    private At count(At next) {
        if (++extra > limits.headerBytes()) {
            throw HttpException.ofInput(
                    431,
                    "chunk extensions and trailers are longer than " + limits.headerBytes()
                            + " bytes (limit headerBytes)");
        }
        return next;
    }
}
