package dev.thrum.http;

import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Takes the body of a request piece by piece, at its own pace.
@FunctionalInterface
public interface BodySink {

    /// Takes the next piece. The next one comes when the promise is fulfilled; until then the connection is not read,
    /// so that the client is slowed down to what the sink can take. A rejection, or an exception, ends the stream.
    /// @param bytes at least one byte; valid during this call only, so copy what must outlive it
    /// @return when the next piece may come
    Promise<?> take(ByteBuffer bytes);

    /// {@return a sink that takes every piece at once}
    /// @param action receives the pieces, each valid during the call only
    static BodySink of(Consumer<? super ByteBuffer> action) {
        Promise<Boolean> taken = Promise.of(true);
        return bytes -> {
            action.accept(bytes);
            return taken;
        };
    }
}
