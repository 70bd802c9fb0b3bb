package dev.thrum.plugins;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Packs a body as `gzip` (RFC 1952) or `deflate` (RFC 1950). Each piece can be unpacked when it arrives. Loop thread only.
final class Deflation implements ContentCoding.Packing {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int TRAILER = 8;

    private final boolean gzip;
    private final Deflaters.Loan loan;
    private final Deflater deflater;
    private final CRC32 sum = new CRC32();
    private boolean begun;
    private boolean closed; // the deflater may be another answer's
    private long length;

    Deflation(boolean gzip, Deflaters.Loan loan) {
        this.gzip = gzip;
        this.loan = loan;
        this.deflater = loan.deflater;
    }

    @Override
    public ByteBuffer filter(ByteBuffer bytes, boolean last) {
        if (closed) {
            throw new IllegalStateException("the answer is over");
        }
        if (!bytes.hasRemaining() && !last) {
            return bytes;
        }
        length += bytes.remaining();
        if (gzip) {
            sum.update(bytes.duplicate());
        }
        ByteBuffer packed = ByteBuffer.allocate(bytes.remaining() / 2 + 64);
        if (gzip && !begun) {
            packed.put(HEADER);
        }
        begun = true;
        deflater.setInput(bytes);
        if (last) {
            deflater.finish();
        }
        packed = drain(packed, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
        if (last) {
            close();
        }
        return packed.flip();
    }

    private ByteBuffer drain(ByteBuffer first, int flush) {
        ByteBuffer packed = first;
        do {
            if (packed.remaining() < 64) {
                packed = ByteBuffer.allocate(2 * packed.capacity()).put(packed.flip());
            }
            deflater.deflate(packed, flush);
        } while (packed.remaining() == 0 || (flush == Deflater.NO_FLUSH && !deflater.finished()));
        if (flush == Deflater.NO_FLUSH && gzip) {
            packed = packed.remaining() < TRAILER
                    ? ByteBuffer.allocate(packed.capacity() + TRAILER).put(packed.flip())
                    : packed;
            packed.order(ByteOrder.LITTLE_ENDIAN).putInt((int) sum.getValue()).putInt((int) length);
        }
        return packed;
    }

    @Override
    public void close() {
        closed = true;
        loan.close();
    }
}
