package dev.thrum.plugins;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;

/// What stands before and behind the packed bytes in gzip (RFC 1952 §2.3), read as it comes.
final class GzipFrame {
    private static final int FIXED = 10;
    private static final int CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int MOST = 4 << 10; // bytes of names and comments

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECK,
        DONE
    }

    private Part part = Part.FIXED;
    private int at; // bytes of this part that have come
    private int flags;
    private int extra; // its length
    private int skipped;
    private final byte[] trailer = new byte[8];
    private int trailed;

    boolean hasHeader() {
        return part == Part.DONE;
    }

    /// Takes what it can from `bytes`.
    void header(ByteBuffer bytes) {
        while (part != Part.DONE && (isAbsent() || bytes.hasRemaining())) {
            if (isAbsent()) {
                next();
            } else {
                take(bytes.get() & 0xff);
            }
        }
    }

    private boolean isAbsent() {
        return switch (part) {
            case FIXED, DONE -> false;
            case EXTRA_LENGTH -> (flags & EXTRA) == 0;
            case EXTRA -> at == extra;
            case NAME -> (flags & NAME) == 0;
            case COMMENT -> (flags & COMMENT) == 0;
            case CHECK -> (flags & CHECK) == 0;
        };
    }

    private void next() {
        part = switch (part) {
            case FIXED -> Part.EXTRA_LENGTH;
            case EXTRA_LENGTH -> Part.EXTRA;
            case EXTRA -> Part.NAME;
            case NAME -> Part.COMMENT;
            case COMMENT -> Part.CHECK;
            case CHECK, DONE -> Part.DONE;
        };
        at = 0;
    }

    private void take(int b) {
        switch (part) {
            case FIXED -> fixed(b);
            case EXTRA_LENGTH -> {
                extra |= b << (8 * at);
                endAfter(2);
            }
            case EXTRA -> endAfter(extra);
            case NAME, COMMENT -> endAfter(b == 0 ? at + 1 : Integer.MAX_VALUE);
            case CHECK -> endAfter(2);
            case DONE -> throw new AssertionError("the header is over");
        }
    }

    private void fixed(int b) {
        boolean wrong = (at == 0 && b != 0x1f) || (at == 1 && b != 0x8b) || (at == 2 && b != 8) || (at == 3 && (b & 0xe0) != 0);
        if (wrong) {
            throw new HttpException(400, "the body is no gzip");
        }
        flags = at == 3 ? b : flags;
        endAfter(FIXED);
    }

    private void endAfter(int length) {
        if (++skipped > MOST) {
            throw new HttpException(400, "the header of the packed body is too long");
        }
        if (++at >= length) {
            next();
        }
    }

    /// Takes what it can from `bytes`.
    void trailer(ByteBuffer bytes) {
        int count = Math.min(bytes.remaining(), trailer.length - trailed);
        bytes.get(trailer, trailed, count);
        trailed += count;
    }

    /// {@return whether the trailer has come, and tells this sum and length}
    boolean matches(long sum, long length) {
        return trailed == trailer.length && number(0) == sum && number(4) == (length & 0xffffffffL);
    }

    private long number(int from) {
        long number = 0;
        for (int i = 3; i >= 0; i--) {
            number = number << 8 | (trailer[from + i] & 0xff);
        }
        return number;
    }
}
