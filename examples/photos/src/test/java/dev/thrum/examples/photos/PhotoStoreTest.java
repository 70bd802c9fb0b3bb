package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoStoreTest {
    @TempDir
    Path temp;

    private Path directory;
    private PhotoStore store;

    @BeforeEach
    void open() throws IOException {
        directory = temp.resolve("some/where");
        store = PhotoStore.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static Photo filled(Draft draft) throws IOException {
        draft.append(ByteBuffer.wrap(new byte[] {1, 2}));
        draft.append(ByteBuffer.wrap(new byte[] {3}));
        draft.seal();
        Photo photo = Photo.received(draft.id(), draft.format(), 3).withPixels(4, 5);
        for (Size size : Size.values()) {
            draft.save(size, new byte[] {(byte) size.ordinal()});
            photo = photo.withThumbnail(size);
        }
        return photo.completed();
    }

    private Photo committed() throws IOException {
        Draft draft = store.create(Format.JPEG);
        Photo photo = filled(draft);
        draft.commit(photo);
        return photo;
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(FileChannel file) throws IOException {
        try (file) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes);
            return bytes.array();
        }
    }

    @Test
    void whatIsCommittedIsLoadedByTheNext() throws IOException {
        Photo photo = committed();
        store.close();
        store = PhotoStore.open(directory);
        assertThat(store.load()).containsExactly(photo);
        assertThat(bytes(store.read(photo.id(), "original.jpg"))).containsExactly(1, 2, 3);
        assertThat(bytes(store.read(photo.id(), "large.jpg"))).containsExactly(2);
    }

    @Test
    void aDraftCanBeReadButIsNoPhoto() throws IOException {
        Draft draft = store.create(Format.PNG);
        filled(draft);
        assertThat(bytes(store.read(draft.id(), "small.jpg"))).containsExactly(0);
        assertThat(store.load()).isEmpty();
    }

    @Test
    void leftoversOfACrashAreRemoved() throws IOException {
        Photo photo = committed();
        filled(store.create(Format.JPEG));
        Files.createDirectory(directory.resolve(".gone-x"));
        store.close();
        store = PhotoStore.open(directory);
        assertThat(folders()).containsExactly(photo.id());
    }

    @Test
    void whatIsNotOursIsLeftAlone() throws IOException {
        Files.createDirectory(directory.resolve("holiday"));
        Files.createFile(directory.resolve("notes.txt"));
        store.close();
        store = PhotoStore.open(directory);
        assertThat(store.load()).isEmpty();
        assertThat(directory.resolve("holiday")).exists();
        assertThat(directory.resolve("notes.txt")).exists();
    }

    @Test
    void aPhotoWithoutAFileIsLeftOut() throws IOException {
        Photo photo = committed();
        Files.delete(directory.resolve(photo.id()).resolve("small.jpg"));
        Photo other = committed();
        Files.writeString(directory.resolve(committed().id()).resolve("about.properties"), "format=GIF\n");
        assertThat(store.load()).containsExactly(other);
    }

    @Test
    void aDiscardedDraftLeavesNothingAndTakesNothing() throws IOException {
        Draft draft = store.create(Format.JPEG);
        draft.append(ByteBuffer.wrap(new byte[] {1}));
        draft.discard();
        assertThat(folders()).isEmpty();
        assertThatThrownBy(() -> draft.save(Size.SMALL, new byte[1])).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> draft.commit(Photo.received(draft.id(), Format.JPEG, 1)))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(folders()).isEmpty();
    }

    @Test
    void aDeletedPhotoIsGone() throws IOException {
        Photo photo = committed();
        store.delete(photo.id());
        store.delete(photo.id());
        assertThat(folders()).isEmpty();
        assertThatThrownBy(() -> store.read(photo.id(), "small.jpg")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aReaderKeepsWhatIsDeletedMeanwhile() throws IOException {
        Photo photo = committed();
        FileChannel file = store.read(photo.id(), "original.jpg");
        store.delete(photo.id());
        assertThat(bytes(file)).containsExactly(1, 2, 3);
    }

    @Test
    void onlyOneUsesADirectory() {
        assertThatThrownBy(() -> PhotoStore.open(directory))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(directory + ": in use by another process");
    }
}
