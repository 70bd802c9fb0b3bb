package dev.thrum.system;

import static java.nio.file.FileVisitResult.CONTINUE;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whole directories. Everything here blocks.
final class Trees {
    private Trees() {}

    /// {@return the entries of a directory, sorted}
    static List<Path> list(Path directory, int limit) throws IOException {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path entry : stream) {
                add(entries, entry, directory, limit);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return List.copyOf(entries);
    }

    /// {@return the root and everything below it, parents first; links are not followed}
    static List<Path> walk(Path root, int depth, int limit) throws IOException {
        var entries = new ArrayList<Path>();
        Files.walkFileTree(root, EnumSet.noneOf(java.nio.file.FileVisitOption.class), depth, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                add(entries, directory, root, limit);
                return CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                add(entries, file, root, limit);
                return CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException && !file.equals(root)) {
                    return CONTINUE; // it went away meanwhile
                }
                throw problem;
            }
        });
        return List.copyOf(entries);
    }

    private static void add(List<Path> entries, Path entry, Path root, int limit) throws LimitException {
        if (entries.size() == limit) {
            throw new LimitException("more than " + limit + " entries: " + root);
        }
        entries.add(entry);
    }

    /// Deletes a file, a link, or a directory with everything inside; nothing if there is nothing.
    static void deleteIfExists(Path path) throws IOException {
        try {
            delete(path);
        } catch (NoSuchFileException e) {
            if (!path.toString().equals(e.getFile())) {
                throw e;
            }
        }
    }

    /// Deletes a file, a link, or a directory with everything inside.
    static void delete(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).isDirectory()) {
            Files.delete(path);
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            throw new IOException("a root cannot be deleted: " + path);
        }
        try (DirectoryStream<Path> above = Files.newDirectoryStream(parent)) {
            if (above instanceof SecureDirectoryStream<Path> secure) {
                deleteDirectory(secure, name);
            } else {
                Files.walkFileTree(path, new Deletion());
            }
        }
    }

    /// By names relative to open directories: nobody can put a link in the place of a directory on our way into it.
    private static void deleteDirectory(SecureDirectoryStream<Path> above, Path name) throws IOException {
        try (SecureDirectoryStream<Path> directory = above.newDirectoryStream(name, NOFOLLOW_LINKS)) {
            for (Path entry : directory) {
                deleteEntry(directory, entry.getFileName());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        above.deleteDirectory(name);
    }

    private static void deleteEntry(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        boolean isDirectory = directory
                .getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
        if (isDirectory) {
            deleteDirectory(directory, name);
        } else {
            directory.deleteFile(name);
        }
    }

    /// Where directories cannot be held open.
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem) throws IOException {
            if (problem != null) {
                throw problem;
            }
            Files.delete(directory);
            return CONTINUE;
        }
    }
}
