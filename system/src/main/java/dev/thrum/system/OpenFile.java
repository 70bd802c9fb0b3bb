package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A file that is open: reads and writes at any position, in buffers of the caller, made by [Disk#open].
///
/// ```java
/// disk.open(path, READ, WRITE).then(file -> file.read(buffer, 4096)
///         .then(count -> file.write(buffer.flip(), 0))
///         .lastly(file::close));
/// ```
///
/// A buffer belongs to the operation until its promise is settled; a direct one saves a copy. Operations of one file run
/// side by side, in no order but the one their promises make. The file is closed by [#close], and when the scope it was
/// opened under is cancelled.
///
/// **Threads.** Any thread may call anything; nothing blocks. Each promise comes home to the caller of its method, and holds
/// that home.
/// **Failure.** Promises are rejected with the [IOException] of the system, which names the file; after [#close] with a
/// [ClosedChannelException].
public final class OpenFile {
    private static final int CLOSING = Integer.MIN_VALUE;
    private static final int STREAM_BUFFER = 64 * 1024;

    private final Lane lane;
    private final Path path;
    private final FileChannel channel;
    private final AtomicInteger users = new AtomicInteger(); // operations on their way, and the sign: closing
    private final AtomicReference<@Nullable Resolver<Path>> closing = new AtomicReference<>();
    private Registration cancellation = Registration.none(); // written before anybody else knows this file

    private OpenFile(Lane lane, Path path, FileChannel channel) {
        this.lane = lane;
        this.path = path;
        this.channel = channel;
    }

    /// Takes over a channel, until the current scope is cancelled.
    static OpenFile of(Lane lane, Path path, FileChannel channel) {
        var file = new OpenFile(lane, path, channel);
        file.cancellation = Scope.current().onCancel(reason -> file.close());
        return file;
    }

    /// {@return the path it was opened by}
    public Path path() {
        return path;
    }

    /// {@return the channel below, for what is not offered here} `FileChannel.transferTo` moves a file to a socket without a
    /// copy, for example. A call of the channel blocks its thread, so it belongs on a lane; and an interrupt of a thread
    /// inside closes the channel.
    public FileChannel channel() {
        return channel;
    }

    /// {@return how many bytes were read: at least one, unless there is no room; -1 at the end of the file}
    /// @param into gets the bytes; belongs to the operation until it is settled
    /// @param position where to read from, not negative
    public Promise<Integer> read(ByteBuffer into, long position) {
        requireNonNull(into, "into");
        checkPosition(position);
        return submit(() -> channel.read(into, position));
    }

    /// {@return how many bytes were written: all there were}
    /// @param from the bytes; belongs to the operation until it is settled
    /// @param position where to write to, not negative; beyond the end of the file it makes a hole
    public Promise<Integer> write(ByteBuffer from, long position) {
        requireNonNull(from, "from");
        checkPosition(position);
        return submit(() -> {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
            return Math.toIntExact(at - position);
        });
    }

    /// {@return how many bytes are in the file}
    public Promise<Long> size() {
        return submit(channel::size);
    }

    /// {@return this file, cut off behind `size` bytes; a shorter one stays as it is}
    /// @param size how many bytes to keep, not negative
    public Promise<OpenFile> truncate(long size) {
        checkPosition(size);
        return submit(() -> {
            channel.truncate(size);
            return this;
        });
    }

    /// {@return this file, once what was written is on the device (`fsync`)}
    public Promise<OpenFile> sync() {
        return submit(() -> {
            channel.force(true);
            return this;
        });
    }

    /// {@return how many bytes were moved to another channel, without a copy where the system can} It may be fewer than asked
    /// for: at the end of the file, or if the other channel takes no more.
    /// @param position where to begin, not negative
    /// @param count how many bytes at most, not negative
    /// @param target a channel in blocking mode, or one that takes what it can: the lane's thread waits for it
    public Promise<Long> transferTo(long position, long count, WritableByteChannel target) {
        requireNonNull(target, "target");
        checkPosition(position);
        checkPosition(count);
        return submit(() -> channel.transferTo(position, count, target));
    }

    /// Reads a part of the file to a sink, as fast as that takes it.
    /// @param position where to begin, not negative
    /// @param count how many bytes at most, not negative
    /// @param sink gets pieces of up to 64 KiB, at the home of the caller
    /// @return how many bytes went through. Cancelling it, or the scope, ends the stream
    public Promise<Long> stream(long position, long count, ByteSink sink) {
        requireNonNull(sink, "sink");
        checkPosition(position);
        checkPosition(count);
        if (!enter()) {
            return Promise.failed(new ClosedChannelException());
        }
        return Pump.start(
                lane::proceed,
                new Section(position, count),
                sink,
                ByteBuffer.allocateDirect(Math.clamp(count, 1, STREAM_BUFFER)));
    }

    /// Closes the file behind what was asked for before. Closing twice does nothing.
    /// @return the path, once it is closed; rejected if the system reports late that something was not written
    public Promise<Path> close() {
        Resolver<Path> mine = Resolver.holding();
        Resolver<Path> first = closing.compareAndExchange(null, mine);
        if (first != null) {
            mine.follow(first.promise());
        } else if (users.getAndUpdate(count -> count | CLOSING) == 0) {
            closeAway();
        }
        return mine.promise();
    }

    // ---- who uses it

    private static void checkPosition(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("positions, sizes and counts must not be negative: " + position);
        }
    }

    private boolean enter() {
        return users.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
    }

    private void leave() {
        if (users.decrementAndGet() == CLOSING) {
            closeAway();
        }
    }

    private <T> Promise<T> submit(Callable<T> operation) {
        if (!enter()) {
            return Promise.failed(new ClosedChannelException());
        }
        return lane.submit(Problems.naming(path, operation), result -> {}, this::leave);
    }

    private void closeAway() {
        try {
            lane.proceed(this::closeNow);
        } catch (RejectedExecutionException e) {
            closeNow(); // the lane is gone; closing is quick
        }
    }

    private void closeNow() {
        cancellation.close();
        Resolver<Path> resolver = requireNonNull(closing.get());
        try {
            channel.close();
            resolver.resolve(path);
        } catch (IOException e) {
            resolver.reject(Problems.named(e, path));
        }
    }

    /// A part of the file that is read in order.
    private final class Section implements Pump.Source {
        private long position; // of the reading thread; handed on by the pump
        private long left;

        Section(long position, long count) {
            this.position = position;
            this.left = count;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count;
            try {
                count = channel.read(into.limit((int) Math.min(left, into.capacity())), position);
            } catch (IOException e) {
                throw Problems.named(e, path);
            }
            position += count;
            left -= count;
            return count;
        }

        @Override
        public void close() {
            leave();
        }
    }

    @Override
    public String toString() {
        return "open file " + path;
    }
}
