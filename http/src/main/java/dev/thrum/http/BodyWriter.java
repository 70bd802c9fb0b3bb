package dev.thrum.http;

import dev.thrum.promise.Promise;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// The body of an answer, written piece by piece. [Response#start] makes it.
///
/// With HTTP/1.1 it travels in chunks, unless the answer has a `Content-Length`, which then must be met. The original's
/// name: the stream of `start-response`.
///
/// **Threads.** Any thread, one at a time. Nothing blocks.
/// **Ordering.** Pieces are sent in the order of the calls.
/// **Failure.** When the client goes away, or the answer is cut off, promises of writes are rejected, and every later
/// write is.
public interface BodyWriter {

    /// Sends `bytes`, and takes them: leave the buffer alone until the promise is settled.
    /// @param bytes the next piece; empty is nothing
    /// @return fulfilled when more may be written; wait for it, or a slow client makes the memory fill up
    /// @throws IllegalStateException after [#finish], or if the answer would become longer than its `Content-Length`
    Promise<BodyWriter> write(ByteBuffer bytes);

    /// Sends `text` as UTF-8.
    /// @param text the next piece
    /// @return fulfilled when more may be written
    /// @throws IllegalStateException after [#finish], or if the answer would become longer than its `Content-Length`
    Promise<BodyWriter> write(String text);

    /// {@return this as a stream for a thread that may block} It gathers small pieces; a write waits for a slow client. Its
    /// end is [#finish], so do not close it when the body is not whole. Writing throws an [java.io.IOException] when the client has gone, or the thread is interrupted, and a
    /// [WrongThreadException] on a loop.
    default OutputStream output() {
        return new BufferedOutputStream(new BodyOutput(this), 16 << 10);
    }

    /// Ends the body, and with it the answer. The original's name: `finish-response`.
    /// @throws IllegalStateException if it was finished before, or the answer is shorter than its `Content-Length`: then
    ///     the connection is aborted, since nothing else tells the client
    void finish();
}
