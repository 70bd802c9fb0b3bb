package dev.thrum.plugins;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks a body of `gzip` (RFC 1952) or `deflate` (RFC 1950). Loop thread only.
final class Inflation implements ContentCoding.Unpacking {
    private static final int PIECE = 8 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final boolean gzip;
    private final Inflater inflater;
    private final GzipFrame frame = new GzipFrame();
    private final CRC32 sum = new CRC32();
    private final byte[] made = new byte[PIECE];
    private byte[] fed = {};
    private boolean hungry = true; // for the next piece
    private long out;

    Inflation(boolean gzip) {
        this.gzip = gzip;
        this.inflater = new Inflater(gzip);
    }

    @Override
    public void feed(ByteBuffer bytes) {
        if (gzip && !frame.hasHeader()) {
            frame.header(bytes);
        }
        if (inflater.finished()) {
            rest(bytes);
            return;
        }
        fed = new byte[bytes.remaining()];
        bytes.get(fed);
        inflater.setInput(fed);
        hungry = false;
    }

    @Override
    public ByteBuffer next() {
        if (hungry) {
            return NOTHING;
        }
        int count = inflate();
        if (count > 0) {
            return ByteBuffer.wrap(made, 0, count);
        }
        hungry = true;
        if (inflater.finished()) {
            int length = inflater.getRemaining();
            rest(ByteBuffer.wrap(fed, fed.length - length, length));
        }
        return NOTHING;
    }

    private int inflate() {
        int count;
        try {
            count = inflater.inflate(made);
        } catch (DataFormatException malformed) {
            throw new HttpException(400, "the body is not well packed", malformed);
        }
        if (inflater.needsDictionary()) {
            throw new HttpException(400, "the body is packed with a dictionary that nobody knows");
        }
        out += count;
        sum.update(made, 0, count);
        return count;
    }

    /// Looks at what stands behind the packed bytes.
    private void rest(ByteBuffer left) {
        if (gzip) {
            frame.trailer(left);
        }
        if (left.hasRemaining()) {
            throw new HttpException(400, "something stands behind the packed body");
        }
    }

    @Override
    public boolean isWhole() {
        return inflater.finished() && (!gzip || frame.matches(sum.getValue(), out));
    }

    @Override
    public void close() {
        inflater.end();
    }
}
