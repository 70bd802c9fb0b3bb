package dev.thrum.plugins;

import dev.thrum.http.BodyDecoder;
import dev.thrum.http.BodySink;
import dev.thrum.http.HttpException;
import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks a body of `gzip` (RFC 1952) or `deflate` (RFC 1950), in small pieces, each when the one before is taken; so a few bytes
/// that claim to be gigabytes are found out when they have made a little more than they may. Loop thread only.
final class Inflation implements BodyDecoder {
    private static final int PIECE = 8 << 10;
    private static final long HARMLESS = 1 << 20; // bytes that any ratio may make

    private final boolean gzip;
    private final int ratio;
    private final Inflater inflater;
    private final GzipFrame frame = new GzipFrame();
    private final CRC32 sum = new CRC32();
    private final Promise<Boolean> taken = Promise.of(true);
    private long in;
    private long out;

    Inflation(boolean gzip, int ratio) {
        this.gzip = gzip;
        this.ratio = ratio;
        this.inflater = new Inflater(gzip);
    }

    @Override
    public Promise<?> take(ByteBuffer bytes, BodySink sink) {
        in += bytes.remaining();
        if (gzip && !frame.hasHeader()) {
            frame.header(bytes);
        }
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        if (inflater.finished()) {
            rest(piece, piece.length);
            return taken;
        }
        inflater.setInput(piece);
        return unpack(piece, sink);
    }

    /// {@return when the sink has taken all that `piece` makes}
    private Promise<?> unpack(byte[] piece, BodySink sink) {
        while (true) {
            byte[] made = new byte[PIECE];
            int count = inflate(made);
            if (count > 0) {
                Promise<?> busy = sink.take(ByteBuffer.wrap(made, 0, count));
                if (!(busy.state() instanceof Promise.Fulfilled<?>)) {
                    return busy.then(done -> unpack(piece, sink));
                }
            } else {
                if (inflater.finished()) {
                    rest(piece, inflater.getRemaining());
                    inflater.setInput(new byte[0]);
                }
                return taken;
            }
        }
    }

    private int inflate(byte[] into) {
        int count;
        try {
            count = inflater.inflate(into);
        } catch (DataFormatException malformed) {
            throw new HttpException(400, "the body is not well packed", malformed);
        }
        if (inflater.needsDictionary()) {
            throw new HttpException(400, "the body is packed with a dictionary that nobody knows");
        }
        out += count;
        sum.update(into, 0, count);
        if (out > HARMLESS && out / ratio > in) {
            throw new HttpException(413, "the body becomes more than " + ratio + " times as long when it is unpacked (limit ratio)");
        }
        return count;
    }

    /// Looks at what stands behind the packed bytes.
    private void rest(byte[] piece, int length) {
        ByteBuffer left = ByteBuffer.wrap(piece, piece.length - length, length);
        if (gzip) {
            frame.trailer(left);
        }
        if (left.hasRemaining()) {
            throw new HttpException(400, "something stands behind the packed body");
        }
    }

    @Override
    public Promise<?> end(BodySink sink) {
        boolean whole = inflater.finished() && (!gzip || frame.matches(sum.getValue(), out));
        if (!whole) {
            throw new HttpException(400, "the packed body is not whole");
        }
        return taken;
    }

    void close() {
        inflater.end();
    }
}
