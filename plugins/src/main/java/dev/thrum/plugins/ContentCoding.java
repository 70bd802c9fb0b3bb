package dev.thrum.plugins;

import dev.thrum.http.BodyFilter;
import java.nio.ByteBuffer;

/// A way to pack bodies (RFC 9110 §8.4.1), for [Compression], which knows when to pack, and how much may be unpacked.
///
/// **Threads.** On the loop of the connection, which must not wait. One coding serves all loops.
public interface ContentCoding {

    /// {@return its name in header fields, such as `br`, in lower case}
    String token();

    /// {@return what packs one answer}
    Packing packing();

    /// {@return what unpacks the body of one request}
    Unpacking unpacking();

    /// Packs one body. Each piece can be unpacked when it arrives.
    interface Packing extends BodyFilter, AutoCloseable {

        /// Lets go what it holds outside of the heap, whether the body is whole or not. Called once or more.
        @Override
        void close();
    }

    /// Unpacks one body, in small pieces, each when the one before is taken.
    interface Unpacking extends AutoCloseable {

        /// Takes the next piece as it came.
        /// @param bytes valid during this call only; read it to its end
        /// @throws dev.thrum.http.HttpException with status 400 if this cannot be unpacked, 413 if it would take too much
        void feed(ByteBuffer bytes);

        /// {@return what can be unpacked now, some KiB at most, valid until the next call; nothing if more has to be fed}
        /// @throws dev.thrum.http.HttpException as [#feed]
        ByteBuffer next();

        /// {@return whether what was fed is a whole body}
        boolean isWhole();

        /// Lets go what it holds outside of the heap, whether the body was whole or not. Called once or more.
        @Override
        void close();
    }
}
