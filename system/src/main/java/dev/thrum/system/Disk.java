package dev.thrum.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Files and directories, without blocking whoever asks: a [Lane] does.
///
/// ```java
/// Disk disk = Disk.shared();
/// disk.read(path, 1 << 20)
///         .then(bytes -> disk.replace(copy, ByteBuffer.wrap(bytes)))
///         .recover(NoSuchFileException.class, e -> copy);
/// disk.stream(log, socket::write);                  // as fast as the client takes it
/// ```
///
/// What is missing here, `disk.lane()` runs: `disk.lane().submit(() -> Files.readSymbolicLink(path))`.
///
/// **Threads.** Any thread may call anything; nothing blocks. Operations run side by side: one that needs another's effect
/// waits for its promise.
/// **Scope.** Each promise comes home to its caller, and holds that home until it is settled. An operation that has not begun is
/// dropped when its promise, or its scope, is cancelled. What is made open or temporary is closed or removed with its scope.
/// **Failure.** Promises are rejected with the JDK's own exceptions: [java.nio.file.NoSuchFileException],
/// [java.nio.file.FileAlreadyExistsException], [java.nio.file.AccessDeniedException] and so on, and a
/// [java.nio.file.FileSystemException] that names the file where the system gives no more than a text, such as `No space
/// left on device`. A lane that is full rejects with a [RejectedExecutionException].
public final class Disk {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int STREAM_BUFFER = 64 * 1024;

    private final Lane lane;

    private static final class Shared {
        static final Disk DISK = new Disk(Lane.start("files", 4, 10_000));
    }

    private Disk(Lane lane) {
        this.lane = requireNonNull(lane, "lane");
    }

    /// {@return the disk of this process: four threads, and ten thousand operations that may wait}
    public static Disk shared() {
        return Shared.DISK;
    }

    /// {@return a disk whose operations run on a lane of their own}
    /// @param lane does the work
    public static Disk on(Lane lane) {
        return new Disk(lane);
    }

    /// {@return what does the work}
    public Lane lane() {
        return lane;
    }

    // ---- reading

    /// {@return the whole content of a file}
    /// @param path the file
    /// @param limit how many bytes at most; more reject the promise with a [LimitException]
    /// @throws IllegalArgumentException if `limit` is negative
    public Promise<byte[]> read(Path path, int limit) {
        checkLimit(limit);
        return submit(path, () -> readNow(path, limit));
    }

    /// {@return the whole content of a file, as text in UTF-8}
    /// @param path the file
    /// @param limit how many bytes at most; more reject the promise with a [LimitException]
    /// @throws IllegalArgumentException if `limit` is negative
    public Promise<String> readString(Path path, int limit) {
        checkLimit(limit);
        return submit(path, () -> new String(readNow(path, limit), UTF_8));
    }

    /// Reads a file to a sink, as fast as that takes it.
    /// @param path the file; may also be a device or a named pipe
    /// @param sink gets pieces of up to 64 KiB, at the home of the caller
    /// @return how many bytes went through, when the file is closed again. Cancelling it, or the scope, ends the stream
    public Promise<Long> stream(Path path, ByteSink sink) {
        requireNonNull(path, "path");
        requireNonNull(sink, "sink");
        RejectedExecutionException refusal = lane.refusal();
        if (refusal != null) {
            return Promise.failed(refusal);
        }
        return Pump.start(lane::proceed, new FileSource(path), sink, ByteBuffer.allocateDirect(STREAM_BUFFER));
    }

    /// {@return an open file, for reads and writes at any position}
    /// @param path the file
    /// @param options as for [FileChannel#open]; none means reading
    public Promise<OpenFile> open(Path path, OpenOption... options) {
        return lane.submit(
                Problems.naming(requireNonNull(path, "path"), () -> OpenFile.of(lane, path, FileChannel.open(path, options))),
                OpenFile::close,
                () -> {});
    }

    /// {@return an open file over a channel that was opened in another way} It belongs to the file from now on: it is closed
    /// with it, and when the current scope is cancelled.
    /// @param path names the file in messages
    /// @param channel the channel
    public OpenFile adopt(Path path, FileChannel channel) {
        return OpenFile.of(lane, requireNonNull(path, "path"), requireNonNull(channel, "channel"));
    }

    // ---- writing

    /// {@return the path, once it is a file of these bytes: made if there was none, overwritten if there was one}
    /// @param path the file
    /// @param bytes the content; belongs to the operation until it is settled
    /// @param options as for [FileChannel#open]; none means `CREATE`, `TRUNCATE_EXISTING`, `WRITE`
    public Promise<Path> write(Path path, ByteBuffer bytes, OpenOption... options) {
        requireNonNull(bytes, "bytes");
        return submit(path, () -> {
            try (FileChannel channel = openToWrite(path, options)) {
                writeAll(channel, bytes);
            }
            return path;
        });
    }

    /// {@return the path, once these bytes stand at its end; it is made if there was none}
    /// @param path the file
    /// @param bytes the content; belongs to the operation until it is settled
    public Promise<Path> append(Path path, ByteBuffer bytes) {
        return write(path, bytes, CREATE, APPEND);
    }

    /// Replaces a file atomically: whoever reads it gets the old content or the new one, whole, and so does who looks after a
    /// crash. The content goes to a new file in the same directory, to the device, and then to its place. The new file has
    /// the permissions of the old one. A link is replaced, not followed.
    /// @param path the file; need not exist
    /// @param bytes the content; belongs to the operation until it is settled
    /// @return the path, once it has the new content
    public Promise<Path> replace(Path path, ByteBuffer bytes) {
        requireNonNull(bytes, "bytes");
        return submit(path, () -> {
            Path written = besides(path);
            FileChannel channel = openBesides(path, written);
            boolean complete = false;
            try {
                writeAll(channel, bytes);
                complete = true;
            } finally {
                FileSink.putInPlace(path, written, channel, complete);
            }
            return path;
        });
    }

    /// {@return a sink that writes to a file piece by piece}
    /// @param path the file
    /// @param options as for [#write]
    public Promise<FileSink> sink(Path path, OpenOption... options) {
        return lane.submit(
                Problems.naming(
                        requireNonNull(path, "path"), () -> FileSink.of(lane, path, path, openToWrite(path, options))),
                FileSink::abort,
                () -> {});
    }

    /// {@return a sink that puts a file in place as a whole when it is finished, as [#replace] does}
    /// @param path the file; need not exist
    public Promise<FileSink> replacingSink(Path path) {
        return lane.submit(
                Problems.naming(requireNonNull(path, "path"), () -> {
                    Path written = besides(path);
                    return FileSink.of(lane, path, written, openBesides(path, written));
                }),
                FileSink::abort,
                () -> {});
    }

    // ---- asking

    /// {@return what the system knows of a file}
    /// @param path the file
    /// @param options `NOFOLLOW_LINKS`, to be told of a link itself
    public Promise<FileInfo> stat(Path path, LinkOption... options) {
        return submit(path, () -> FileInfo.of(path, options));
    }

    /// {@return whether there is such a file, behind a link too}
    /// @param path the file
    public Promise<Boolean> exists(Path path) {
        return submit(path, () -> Files.exists(path));
    }

    /// {@return the entries of a directory, each with the path of the directory in front, sorted}
    /// @param directory the directory
    /// @param limit how many entries at most; more reject the promise with a [LimitException]
    /// @throws IllegalArgumentException if `limit` is negative
    public Promise<List<Path>> list(Path directory, int limit) {
        checkLimit(limit);
        return submit(directory, () -> Trees.list(directory, limit));
    }

    /// {@return a file or directory and everything below it, a directory before what is in it; links are not followed}
    /// @param root where to begin
    /// @param depth how many levels below the root, not negative
    /// @param limit how many entries at most; more reject the promise with a [LimitException]
    /// @throws IllegalArgumentException if `depth` or `limit` is negative
    public Promise<List<Path>> walk(Path root, int depth, int limit) {
        checkLimit(depth);
        checkLimit(limit);
        return submit(root, () -> Trees.walk(root, depth, limit));
    }

    // ---- changing directories

    /// {@return the path, once it is a directory; parents that are missing are made too}
    /// @param directory the directory
    public Promise<Path> makeDirectories(Path directory) {
        return submit(directory, () -> Files.createDirectories(directory));
    }

    /// {@return the path, once it is no more}
    /// @param path a file, a link (not what it points to), or an empty directory
    public Promise<Path> delete(Path path) {
        return submit(path, () -> {
            Files.delete(path);
            return path;
        });
    }

    /// {@return the path, once it is no more, with everything below it} Links are deleted, never followed, even if somebody
    /// puts one in the way meanwhile. It ends at the first entry that cannot be deleted.
    /// @param path a file, a link or a directory
    public Promise<Path> deleteTree(Path path) {
        return submit(path, () -> {
            Trees.delete(path);
            return path;
        });
    }

    /// {@return the new path, once the file or directory is there}
    /// @param from the file
    /// @param to its new path
    /// @param options as for [Files#move]
    public Promise<Path> move(Path from, Path to, CopyOption... options) {
        requireNonNull(to, "to");
        return submit(from, () -> Files.move(from, to, options));
    }

    /// {@return the path of the copy, once it is complete; a directory is copied without what is in it}
    /// @param from the file
    /// @param to the path of the copy
    /// @param options as for [Files#copy]
    public Promise<Path> copy(Path from, Path to, CopyOption... options) {
        requireNonNull(to, "to");
        return submit(from, () -> Files.copy(from, to, options));
    }

    // ---- temporary ones

    /// {@return a new, empty file that goes away}
    /// @param directory where it is made; must exist
    /// @param prefix begins its name
    /// @param suffix ends its name
    public Promise<TempPath> tempFile(Path directory, String prefix, String suffix) {
        requireNonNull(prefix, "prefix");
        requireNonNull(suffix, "suffix");
        return temporary(directory, () -> Files.createTempFile(directory, prefix, suffix));
    }

    /// {@return a new, empty directory that goes away} (cl-async's `mkdtemp`)
    /// @param directory where it is made; must exist
    /// @param prefix begins its name
    public Promise<TempPath> tempDirectory(Path directory, String prefix) {
        requireNonNull(prefix, "prefix");
        return temporary(directory, () -> Files.createTempDirectory(directory, prefix));
    }

    /// {@return the directory of the system for temporary files}
    public static Path tempRoot() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private Promise<TempPath> temporary(Path directory, Callable<Path> making) {
        return lane.submit(
                Problems.naming(requireNonNull(directory, "directory"), () -> TempPath.of(lane, making.call())),
                TempPath::remove,
                () -> {});
    }

    // ---- on the lane

    private <T> Promise<T> submit(Path path, Callable<T> operation) {
        return lane.submit(Problems.naming(requireNonNull(path, "path"), operation));
    }

    private static void checkLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limits must not be negative: " + limit);
        }
    }

    private static byte[] readNow(Path path, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(limit);
            if (bytes.length == limit && in.read() >= 0) {
                throw new LimitException("more than " + limit + " bytes: " + path);
            }
            return bytes;
        }
    }

    private static FileChannel openToWrite(Path path, OpenOption... options) throws IOException {
        return options.length == 0
                ? FileChannel.open(path, CREATE, TRUNCATE_EXISTING, WRITE)
                : FileChannel.open(path, options);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// {@return a path in the same directory that nobody can guess}
    private static Path besides(Path path) {
        var random = new byte[12];
        RANDOM.nextBytes(random);
        return path.resolveSibling("." + path.getFileName() + "." + HexFormat.of().formatHex(random));
    }

    private static FileChannel openBesides(Path path, Path written) throws IOException {
        FileChannel channel = FileChannel.open(written, CREATE_NEW, WRITE);
        boolean prepared = false;
        try {
            var old = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (old != null && Files.exists(path)) {
                Files.setPosixFilePermissions(written, old.readAttributes().permissions());
            }
            prepared = true;
            return channel;
        } finally {
            if (!prepared) {
                FileSink.putInPlace(path, written, channel, false);
            }
        }
    }

    /// A file that is opened when its turn comes.
    private static final class FileSource implements Pump.Source {
        private final Path path;
        private @Nullable FileChannel channel; // handed on by the pump

        FileSource(Path path) {
            this.path = path;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            try {
                FileChannel open = channel;
                if (open == null) {
                    open = FileChannel.open(path);
                    channel = open;
                }
                return open.read(into);
            } catch (IOException e) {
                throw Problems.named(e, path);
            }
        }

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    @Override
    public String toString() {
        return "disk on " + lane;
    }
}
