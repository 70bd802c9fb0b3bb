package dev.thrum.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What the system knows of a file: see [Disk#stat].
///
/// @param kind what it is
/// @param size how many bytes are in it
/// @param modified when its content was changed last
/// @param permissions who may do what; empty where the system knows no such permissions
/// @param key identifies the file whatever its name, if the system can: a file that was replaced has another one
public record FileInfo(
        Kind kind, long size, Instant modified, Set<PosixFilePermission> permissions, Optional<Object> key) {

    /// The kinds of files.
    public enum Kind {
        /// A file with content.
        FILE,
        /// A directory.
        DIRECTORY,
        /// A symbolic link; told of only where links are not followed.
        LINK,
        /// A device, a socket, a named pipe.
        OTHER
    }

    /// {@return whether it is a file with content}
    public boolean isFile() {
        return kind == Kind.FILE;
    }

    /// {@return whether it is a directory}
    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /// Blocks.
    static FileInfo of(Path path, LinkOption... options) throws IOException {
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class, options);
        if (view != null) {
            PosixFileAttributes attributes = view.readAttributes();
            return of(attributes, attributes.permissions());
        }
        return of(Files.getFileAttributeView(path, BasicFileAttributeView.class, options).readAttributes(), Set.of());
    }

    private static FileInfo of(BasicFileAttributes attributes, Set<PosixFilePermission> permissions) {
        return new FileInfo(
                kindOf(attributes),
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                Set.copyOf(permissions),
                Optional.ofNullable(attributes.fileKey()));
    }

    private static Kind kindOf(BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return Kind.FILE;
        }
        if (attributes.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return attributes.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
    }
}
