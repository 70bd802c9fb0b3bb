package dev.thrum.http;

import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;

/// Looks over the shoulder of whoever reads the body of a request.
///
/// **Threads.** Called on the loop.
/// **Failure.** What it throws, or a rejection, is what the reader of the body gets.
public interface BodyWatcher {

    /// Sees the next piece, before its reader does. The next one comes when the promise is fulfilled, too.
    /// @param bytes at least one byte; valid during this call only
    /// @return when the next piece may come
    Promise<?> piece(ByteBuffer bytes);

    /// Sees the end of the body; of an empty one, too. The reader hears of it when the promise is fulfilled.
    /// @param count how many bytes there were
    /// @return when the reader may go on
    Promise<?> complete(long count);
}
