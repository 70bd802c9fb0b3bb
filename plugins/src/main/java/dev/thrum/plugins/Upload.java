package dev.thrum.plugins;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.thrum.promise.Promise;
import dev.thrum.system.Disk;
import dev.thrum.system.TempPath;
import java.nio.file.Path;

/// A file that came with a form. It lies in a temporary file that only its owner may read, and that goes when the request is over,
/// unless it was moved away before.
///
/// **Threads.** Any thread; nothing blocks.
public final class Upload {
    private final PartHead head;
    private final TempPath file;
    private final Disk disk;
    private final long size;

    Upload(PartHead head, TempPath file, Disk disk, long size) {
        this.head = head;
        this.file = file;
        this.disk = disk;
        this.size = size;
    }

    /// {@return the name of the field}
    public String name() {
        return head.name();
    }

    /// {@return what the client calls the file, without directories; may be empty} It is the client's word: do not use it as the name
    /// of a file of yours.
    public String fileName() {
        return head.fileName().orElse("");
    }

    /// {@return the type, in the client's word}
    public String contentType() {
        return head.type();
    }

    /// {@return how many bytes it has}
    public long size() {
        return size;
    }

    /// {@return where it lies until the request is over}
    public Path path() {
        return file.path();
    }

    /// {@return its content, at the home of the caller}
    /// @param limit how many bytes at most; more reject the promise with a [dev.thrum.system.LimitException]
    /// @throws IllegalArgumentException if `limit` is negative
    public Promise<byte[]> bytes(int limit) {
        return disk.read(file.path(), limit);
    }

    /// {@return the new path, once the file is there, and stays} One that was there is replaced. Rejected with the
    /// [java.io.IOException] of the system.
    /// @param target its new path
    public Promise<Path> moveTo(Path target) {
        return disk.move(file.path(), target, REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return "upload of " + size + " bytes for " + head.name();
    }
}
