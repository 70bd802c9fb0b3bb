package dev.thrum.examples.photos;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A directory of photos.
///
/// **Threads.** Any thread but a loop's: everything here may block. [#close] ends it for all.
/// **Failure.** An [IOException] as it comes from the file system. Nothing is left half-made that a start would show.
final class PhotoStore implements AutoCloseable {
    /*
     * A photo is a folder named by its id: the original, a thumbnail for each size, and about.properties. While it is
     * being made its folder is called `.new-<id>`; one rename makes it a photo. One rename to `.gone-<id>` unmakes it,
     * whether it was complete or not: whoever still knows the old path can neither read nor write anything there. So
     * after a crash a folder is either a whole photo, or its name begins with a dot; the next start removes those.
     *
     * The lock keeps a second process from taking our unfinished photos for leftovers.
     */

    private static final System.Logger LOG = System.getLogger(PhotoStore.class.getName());
    private static final String NEW = ".new-";
    private static final String GONE = ".gone-";

    private final Path directory;
    private final FileChannel lockFile;
    private final PhotoId ids = new PhotoId();

    private PhotoStore(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /// {@return the store in `directory`, which is made if need be; leftovers of a crash are removed}
    /// @throws IOException if it is no directory, cannot be written, or another process uses it
    static PhotoStore open(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel lockFile = FileChannel.open(directory.resolve(".lock"), CREATE, WRITE);
        try {
            lock(lockFile, directory);
            PhotoStore store = new PhotoStore(directory, lockFile);
            store.removeLeftovers();
            return store;
        } catch (Throwable problem) {
            lockFile.close();
            throw problem;
        }
    }

    private static void lock(FileChannel file, Path directory) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new FileSystemException(directory.toString(), null, "in use by another process");
        }
    }

    private void removeLeftovers() throws IOException {
        for (String name : names()) {
            if (name.startsWith(NEW) || name.startsWith(GONE)) {
                removeTree(directory.resolve(name));
            }
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /// {@return all complete photos; one that cannot be read is logged and left out}
    List<Photo> load() throws IOException {
        List<Photo> photos = new ArrayList<>();
        for (String name : names()) {
            if (PhotoId.isId(name)) {
                read(name).ifPresent(photos::add);
            }
        }
        return photos;
    }

    private Optional<Photo> read(String id) {
        try {
            return Optional.of(About.read(id, directory.resolve(id)));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "photo {0} is left out: {1}", id, e);
            return Optional.empty();
        }
    }

    /// {@return a photo to be, with an empty folder of its own}
    Draft create(Format format) throws IOException {
        String id = ids.next(System.currentTimeMillis());
        return new Draft(this, id, format, Files.createDirectory(directory.resolve(NEW + id)));
    }

    /// Makes a draft a photo.
    void commit(String id) throws IOException {
        Files.move(directory.resolve(NEW + id), directory.resolve(id), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Removes a draft, if there is one.
    void discard(String id) throws IOException {
        remove(NEW + id, id);
    }

    /// Removes a photo, if there is one.
    void delete(String id) throws IOException {
        remove(id, id);
    }

    private void remove(String folder, String id) throws IOException {
        Path gone = directory.resolve(GONE + id);
        try {
            Files.move(directory.resolve(folder), gone, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        removeTree(gone);
    }

    private static void removeTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /// {@return where all of it is}
    Path directory() {
        return directory;
    }

    /// {@return where a file of a photo is}
    Path complete(String id, String fileName) {
        return directory.resolve(id).resolve(fileName);
    }

    /// {@return where a file of a draft is, until it is committed}
    Path inTheMaking(String id, String fileName) {
        return directory.resolve(NEW + id).resolve(fileName);
    }

    /// Lets another process use the directory.
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
