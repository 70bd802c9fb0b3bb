package dev.thrum.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// The input of a child process, as this side sees it: what is written here, the child reads.
///
/// **Threads.** Any thread may call anything; nothing blocks. Each promise comes home to the caller of its method, and holds
/// that home. Pieces are written in the order of the calls.
/// **Failure.** Once the child has ended, or reads no more, writes are rejected with an [IOException] that names it.
public final class ChildInput {
    private final SerialWriter writer;

    ChildInput(Pump.Steps steps, String child, OutputStream stream) {
        this.writer = new SerialWriter(steps, new Target(child, stream, Channels.newChannel(stream)));
    }

    /// Writes behind everything before.
    /// @param bytes any number; they belong to the input until the promise is settled, and are all taken
    /// @return how many bytes are written with these, once the system has them: until then the child is behind, and who waits
    ///     keeps [#pending] low. Cancelling it drops them, if their turn has not come
    public Promise<Long> write(ByteBuffer bytes) {
        return writer.write(requireNonNull(bytes, "bytes"));
    }

    /// Writes text in UTF-8, as [#write(ByteBuffer)] does.
    /// @param text any text
    /// @return how many bytes are written with these
    public Promise<Long> write(String text) {
        return write(UTF_8.encode(text));
    }

    /// Ends the input behind what was written before: the child reads its end. Called again it does nothing.
    /// @return how many bytes were written; rejected if any of them could not be
    public Promise<Long> end() {
        return writer.end();
    }

    /// {@return how many bytes the system has not taken yet}
    public long pending() {
        return writer.pending();
    }

    private record Target(String child, OutputStream stream, WritableByteChannel channel)
            implements SerialWriter.Target {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                stream.flush();
            } catch (IOException e) {
                throw new IOException("cannot write to " + child + ": " + e.getMessage(), e);
            }
        }

        @Override
        public void close(@Nullable Throwable failure) throws IOException {
            stream.close();
        }

        @Override
        public String toString() {
            return "the input of " + child;
        }
    }
}
