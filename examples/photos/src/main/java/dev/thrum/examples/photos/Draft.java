package dev.thrum.examples.photos;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A photo on its way into the store.
///
/// **Threads.** Any but a loop's, one at a time: everything here may block. [#discard] may overtake the others, which then
/// fail.
final class Draft {
    private final PhotoStore store;
    private final String id;
    private final Format format;
    private final Path folder;

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

    /// {@return where the original belongs}
    Path original() {
        return folder.resolve(format.fileName());
    }

    /// Has the original on the disk for good.
    void seal() throws IOException {
        try (FileChannel file = FileChannel.open(original(), WRITE)) {
            file.force(true);
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
        store.discard(id);
    }
}
