package dev.thrum.http;

import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;

/// Puts other bytes in the place of a request's body, on their way to whoever reads it: what was packed, for instance. For one
/// request.
///
/// **Threads.** Called on the loop.
/// **Failure.** What it throws, or a rejection, is what the reader of the body gets.
public interface BodyDecoder {

    /// Takes the next piece as it came, and hands on what it makes of it, maybe nothing, maybe several pieces, each when the one
    /// before is taken. The limit of the body counts what is handed on.
    /// @param bytes at least one byte; valid during this call only, so copy what must outlive it
    /// @param sink takes what is made
    /// @return when the next piece may come
    Promise<?> take(ByteBuffer bytes, BodySink sink);

    /// Hands on what was kept back, now that nothing follows. Not called for an empty body.
    /// @param sink takes what is made
    /// @return when the sink has taken it; rejected if something is missing
    Promise<?> end(BodySink sink);
}
