package dev.thrum.plugins;

import dev.thrum.http.BodyDecoder;
import dev.thrum.http.BodySink;
import dev.thrum.http.HttpException;
import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;

/// Unpacks a body by whatever coding, piece by piece, each when the one before is taken; so a few bytes that claim to be gigabytes are
/// found out when they have made a little more than they may. Loop thread only.
final class UnpackedBody implements BodyDecoder {
    private static final long HARMLESS = 1 << 20; // bytes that any ratio may make

    private final ContentCoding.Unpacking unpacking;
    private final int ratio;
    private final Promise<Boolean> taken = Promise.of(true);
    private long in;
    private long out;

    UnpackedBody(ContentCoding.Unpacking unpacking, int ratio) {
        this.unpacking = unpacking;
        this.ratio = ratio;
    }

    @Override
    public Promise<?> take(ByteBuffer bytes, BodySink sink) {
        in += bytes.remaining();
        unpacking.feed(bytes);
        return unpack(sink);
    }

    /// {@return when the sink has taken all that was fed}
    private Promise<?> unpack(BodySink sink) {
        while (true) {
            ByteBuffer made = unpacking.next();
            if (!made.hasRemaining()) {
                return taken;
            }
            out += made.remaining();
            if (out > HARMLESS && out / ratio > in) {
                throw new HttpException(413, "the body becomes more than " + ratio + " times as long when it is unpacked (limit ratio)");
            }
            Promise<?> busy = sink.take(made);
            if (!(busy.state() instanceof Promise.Fulfilled<?>)) {
                return busy.then(done -> unpack(sink));
            }
        }
    }

    @Override
    public Promise<?> end(BodySink sink) {
        if (!unpacking.isWhole()) {
            throw new HttpException(400, "the packed body is not whole");
        }
        return taken;
    }
}
