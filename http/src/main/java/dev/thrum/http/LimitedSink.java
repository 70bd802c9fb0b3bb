package dev.thrum.http;

import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;

/// Counts what goes by, and lets no more through than a limit. Loop thread only.
final class LimitedSink implements BodySink {
    private final BodySink sink;
    private final long limit;
    private final String name;
    private long count;

    LimitedSink(BodySink sink, long limit, String name) {
        this.sink = sink;
        this.limit = limit;
        this.name = name;
    }

    @Override
    public Promise<?> take(ByteBuffer bytes) {
        count += bytes.remaining();
        if (count > limit) {
            throw HttpException.ofInput(413, "the body is longer than " + limit + " bytes (limit " + name + ")");
        }
        return sink.take(bytes);
    }

    long count() {
        return count;
    }
}
