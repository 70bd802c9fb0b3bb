package dev.thrum.examples.photos;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A photo on its way into the store.
///
/// **Threads.** Any but a loop's, one at a time: everything here may block. [#discard] may overtake the others, which then
/// fail.
final class Draft {
    private final PhotoStore store;
    private final String id;
    private final Format format;
    private final Path folder;
    private @Nullable FileChannel original; // one thread at a time

    Draft(PhotoStore store, String id, Format format, Path folder) {
        this.store = store;
        this.id = id;
        this.format = format;
        this.folder = folder;
    }

    String id() {
        return id;
    }

    Format format() {
        return format;
    }

    /// {@return the file of the original}
    Path original() {
        return folder.resolve(format.fileName());
    }

    /// Adds `bytes` to the original.
    void append(ByteBuffer bytes) throws IOException {
        FileChannel file = original;
        if (file == null) {
            file = FileChannel.open(original(), CREATE_NEW, WRITE);
            original = file;
        }
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /// Ends the original: what was appended is on the disk.
    void seal() throws IOException {
        try (FileChannel file = original) {
            if (file != null) {
                file.force(true);
            }
        }
    }

    /// Keeps a thumbnail.
    void save(Size size, byte[] jpeg) throws IOException {
        write(size.fileName(), jpeg);
    }

    private void write(String fileName, byte[] content) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve(fileName), CREATE_NEW, WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }

    /// Makes it a photo for good.
    void commit(Photo photo) throws IOException {
        write(About.FILE, About.of(photo));
        store.commit(id);
    }

    /// Removes everything of it.
    void discard() throws IOException {
        try (FileChannel _ = original) {
            store.discard(id);
        }
    }
}
