package dev.thrum.system;

import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes a stream of bytes piece by piece, at its own pace. Whatever writes and returns a promise is one:
/// `socket::write`, [FileSink#write], [ChildInput#write(ByteBuffer)].
///
/// **Threads.** Called at the home of whoever started the stream; where that is the root, on the thread that has read.
/// **Failure.** A rejection, or an exception, ends the stream, which is rejected with it.
@FunctionalInterface
public interface ByteSink {

    /// Takes the next piece. The one after it is not read before the promise is fulfilled.
    /// @param bytes at least one byte; valid until the promise is settled
    /// @return when the next piece may come
    Promise<?> take(ByteBuffer bytes);

    /// {@return a sink that takes every piece at once}
    /// @param action receives the pieces, each valid during the call only
    static ByteSink of(Consumer<? super ByteBuffer> action) {
        return bytes -> {
            action.accept(bytes);
            return Promise.<@Nullable Object>of(null);
        };
    }
}
