package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
        Files.write(draft.original(), new byte[] {1, 2, 3});
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

    @Test
    void whatIsCommittedIsLoadedByTheNext() throws IOException {
        Photo photo = committed();
        store.close();
        store = PhotoStore.open(directory);
        assertThat(store.load()).containsExactly(photo);
        assertThat(store.complete(photo.id(), "original.jpg")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(store.complete(photo.id(), "large.jpg")).hasBinaryContent(new byte[] {2});
    }

    @Test
    void aDraftCanBeReadButIsNoPhoto() throws IOException {
        Draft draft = store.create(Format.PNG);
        filled(draft);
        assertThat(store.inTheMaking(draft.id(), "small.jpg")).hasBinaryContent(new byte[] {0});
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
        Files.write(draft.original(), new byte[] {1});
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
        assertThat(store.complete(photo.id(), "small.jpg")).doesNotExist();
    }

    @Test
    void onlyOneUsesADirectory() {
        assertThatThrownBy(() -> PhotoStore.open(directory))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(directory + ": in use by another process");
    }
}
