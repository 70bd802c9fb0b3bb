package dev.thrum.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The output of a child process, or its error output, as this side sees it. One of the methods, once, says how it is read.
///
/// Nothing is read before it is asked for, and no more than the sink takes: a child that is ahead waits in its own writes. The
/// output ends when nobody has it open for writing any more, neither the child nor one of its own children; but with the child
/// if no read waits at that moment, since the JDK closes the pipe then, and keeps what was in it.
///
/// **Threads.** Any thread may call anything; nothing blocks. Each promise comes home to the caller of its method, and holds
/// that home. While a read waits for the child, a thread does.
/// **Failure.** When a stream ends before the output does, because its sink fails, or it or the scope is cancelled, the pipe
/// is closed, so that the child can write no more. Where a read waits for the child at that moment, that happens when it
/// returns.
public final class ChildOutput {
    private static final int BUFFER = 16 * 1024;

    private final Pump.Steps steps;
    private final String child;
    private final InputStream stream;
    private final AtomicBoolean taken = new AtomicBoolean();

    ChildOutput(Pump.Steps steps, String child, InputStream stream) {
        this.steps = steps;
        this.child = child;
        this.stream = stream;
    }

    /// Reads it to a sink, as fast as that takes it.
    /// @param sink gets pieces of up to 16 KiB, at the home of the caller
    /// @return how many bytes went through
    /// @throws IllegalStateException if it is read already
    public Promise<Long> stream(ByteSink sink) {
        requireNonNull(sink, "sink");
        if (!taken.compareAndSet(false, true)) {
            throw new IllegalStateException("the output of a child can be read once: " + child);
        }
        var array = new byte[BUFFER];
        return Pump.start(steps, new Source(stream, array), sink, ByteBuffer.wrap(array));
    }

    /// {@return all of it}
    /// @param limit how many bytes at most; more reject the promise with a [LimitException]
    /// @throws IllegalArgumentException if `limit` is negative
    /// @throws IllegalStateException if it is read already
    public Promise<byte[]> read(int limit) {
        var collected = new ByteArrayOutputStream();
        return collect(limit, collected).map(size -> collected.toByteArray());
    }

    /// {@return all of it, as text in UTF-8}
    /// @param limit how many bytes at most; more reject the promise with a [LimitException]
    /// @throws IllegalArgumentException if `limit` is negative
    /// @throws IllegalStateException if it is read already
    public Promise<String> readString(int limit) {
        var collected = new ByteArrayOutputStream();
        return collect(limit, collected).map(size -> collected.toString(UTF_8));
    }

    private Promise<Long> collect(int limit, ByteArrayOutputStream collected) {
        checkLimit(limit);
        return stream(new Checked(piece -> {
            if (piece.length > limit - collected.size()) {
                throw new LimitException("more than " + limit + " bytes from " + child);
            }
            collected.writeBytes(piece);
        }));
    }

    /// Reads it line by line, as UTF-8. A line ends with a line feed, which is taken off, and a carriage return before it too;
    /// the last one may do without.
    /// @param limit how many bytes a line has at most; more reject the promise with a [LimitException]
    /// @param each gets each line, at the home of the caller; what it throws ends the stream
    /// @return how many bytes there were
    /// @throws IllegalArgumentException if `limit` is negative
    /// @throws IllegalStateException if it is read already
    public Promise<Long> lines(int limit, Consumer<? super String> each) {
        requireNonNull(each, "each");
        checkLimit(limit);
        var lines = new Lines(limit, each);
        return stream(new Checked(lines::add)).tap(size -> lines.end());
    }

    private static void checkLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limits must not be negative: " + limit);
        }
    }

    /// A sink that takes everything at once, or fails.
    private record Checked(Taking taking) implements ByteSink {
        @FunctionalInterface
        interface Taking {
            void take(byte[] piece) throws IOException;
        }

        @Override
        public Promise<?> take(ByteBuffer bytes) {
            var piece = new byte[bytes.remaining()];
            bytes.get(piece);
            try {
                taking.take(piece);
                return Promise.of(true);
            } catch (IOException e) {
                return Promise.failed(e);
            }
        }
    }

    /// Cuts bytes into lines.
    private final class Lines {
        private final int limit;
        private final Consumer<? super String> each;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(int limit, Consumer<? super String> each) {
            this.limit = limit;
            this.each = each;
        }

        void add(byte[] piece) throws IOException {
            int begin = 0;
            for (int i = 0; i < piece.length; i++) {
                if (piece[i] == '\n') {
                    put(piece, begin, i);
                    finish();
                    begin = i + 1;
                }
            }
            put(piece, begin, piece.length);
        }

        private void put(byte[] array, int begin, int end) throws IOException {
            if (end - begin > limit - line.size()) {
                throw new LimitException("a line of more than " + limit + " bytes from " + child);
            }
            line.write(array, begin, end - begin);
        }

        private void finish() {
            String text = line.toString(UTF_8);
            line.reset();
            each.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        }

        void end() {
            if (line.size() > 0) {
                finish();
            }
        }
    }

    private static final class Source implements Pump.Source {
        private final InputStream stream;
        private final byte[] array; // of the buffer that goes back and forth

        Source(InputStream stream, byte[] array) {
            this.stream = stream;
            this.array = array;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int count = stream.read(array);
            into.position(Math.max(0, count));
            return count;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
