package dev.thrum.system;

import static java.util.Objects.requireNonNull;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A file that is written piece by piece, in order: made by [Disk#sink] and [Disk#replacingSink].
///
/// ```java
/// disk.replacingSink(path).then(file -> request.stream(file::write)
///         .then(size -> file.finish()));                        // or file.abort()
/// ```
///
/// A sink is one of two kinds. A plain one writes to its file. A *replacing* one writes to a new file beside it, which
/// takes the other's place when it is finished: whoever reads the path finds the old content or the new one, whole.
/// Cancelling the scope it was made under aborts it.
///
/// **Threads.** Any thread may call anything; nothing blocks. Each promise comes home to the caller of its method, and holds
/// that home. Pieces are written in the order of the calls.
/// **Failure.** Promises are rejected with the [IOException] of the system, which names the file. After the first failure,
/// a full disk for example, everything else is rejected with the same.
public final class FileSink {
    private final Path path;
    private final SerialWriter writer;
    private Registration cancellation = Registration.none(); // written before anybody else knows this sink

    private FileSink(Path path, SerialWriter writer) {
        this.path = path;
        this.writer = writer;
    }

    /// Takes over a channel, until the current scope is cancelled.
    /// @param path what was asked for
    /// @param written the file that is written: another one, if it is to take the place of the first
    static FileSink of(Lane lane, Path path, Path written, FileChannel channel) {
        var target = new Target(path, written, channel);
        var sink = new FileSink(path, new SerialWriter(lane::proceed, target));
        Registration cancellation = Scope.current().onCancel(sink.writer::abort);
        sink.cancellation = cancellation;
        return sink;
    }

    /// {@return the path that was asked for}
    public Path path() {
        return path;
    }

    /// {@return how many bytes have been written by now}
    public long written() {
        return writer.written();
    }

    /// {@return how many bytes wait to be written} Who waits for the promise of each write keeps it low.
    public long pending() {
        return writer.pending();
    }

    /// Writes behind everything before.
    /// @param bytes any number; they belong to the sink until the promise is settled, and are all taken
    /// @return how many bytes are written with these. Cancelling it drops them, if their turn has not come
    public Promise<Long> write(ByteBuffer bytes) {
        return writer.write(requireNonNull(bytes, "bytes"));
    }

    /// Ends it behind what was written before: closes the file; a replacing sink brings it to the device first, and then
    /// puts it in place. Called again, or after [#abort], it does nothing.
    /// @return how many bytes were written; rejected if any of them could not be, and then nothing was put in place
    public Promise<Long> finish() {
        cancellation.close();
        return writer.end();
    }

    /// Gives it up: what waits is dropped, the file is closed, and a replacing sink leaves nothing behind. After [#finish] it
    /// does nothing, unless that has not come to its turn.
    /// @return how many bytes had been written
    public Promise<Long> abort() {
        cancellation.close();
        return writer.abort(new CancellationException("given up: " + this));
    }

    private record Target(Path path, Path written, FileChannel channel) implements SerialWriter.Target {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw Problems.named(e, path);
            }
        }

        @Override
        public void close(@Nullable Throwable failure) throws IOException {
            if (written == path) {
                channel.close();
            } else {
                putInPlace(path, written, channel, failure == null);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// Closes `written` and moves it to `path`, or else removes it.
    static void putInPlace(Path path, Path written, FileChannel channel, boolean complete) throws IOException {
        boolean moved = false;
        try (channel) {
            if (complete) {
                channel.force(true);
                Files.move(written, path, ATOMIC_MOVE);
                moved = true;
            }
        } catch (IOException e) {
            throw Problems.named(e, path);
        } finally {
            if (!moved) {
                Files.deleteIfExists(written);
            }
        }
    }

    @Override
    public String toString() {
        return "sink of " + path;
    }
}
