package dev.thrum.http;

import java.nio.ByteBuffer;

/// Puts other bytes in the place of an answer's body: a compression, for instance.
///
/// **Threads.** Called on the loop, in the order of the pieces.
/// **Failure.** What it throws is answered as a failure, or cuts the answer off.
@FunctionalInterface
public interface BodyFilter {

    /// {@return what is sent in the place of `bytes`, maybe nothing}
    /// @param bytes the next piece, maybe empty; read it to its end
    /// @param last whether nothing follows, so that all that was kept back has to come now
    ByteBuffer filter(ByteBuffer bytes, boolean last);
}
