package dev.thrum.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DiskTest {
    private final Disk disk = Disk.shared();
    private final List<Object> log = new ArrayList<>();

    @TempDir
    Path directory;

    private static AbstractThrowableAssert<?, ? extends Throwable> assertReason(Promise<?> promise) {
        return assertThatThrownBy(promise::await).cause();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    // ---- whole files

    @Test
    @Tag("SY-10")
    void aFileIsReadWhole() throws Exception {
        Path file = file("name", "käse");
        assertThat(disk.read(file, 100).await()).asString(UTF_8).isEqualTo("käse");
        assertThat(disk.readString(file, 5).await()).isEqualTo("käse");
    }

    @Test
    @Tag("SY-10")
    void aFileLargerThanTheLimitIsNotRead() throws Exception {
        Path file = file("name", "12345");
        assertReason(disk.read(file, 4)).isInstanceOf(LimitException.class).hasMessage("more than 4 bytes: " + file);
    }

    @Test
    @Tag("SY-10")
    void aFileWhoseSizeTheSystemDoesNotTellIsReadToItsEnd() throws Exception {
        assertThat(disk.readString(Path.of("/proc/self/status"), 1 << 20).await()).contains("Threads:");
    }

    @Test
    @Tag("SY-11")
    void aMissingFileIsTheJdksOwnExceptionAndComesHome() {
        Path missing = directory.resolve("missing");
        EventLoop.run(loop -> disk.read(missing, 100).map(bytes -> "read").recover(NoSuchFileException.class, e -> {
            log.add(e.getFile());
            log.add(loop.isHere());
            return "missing";
        }));
        assertThat(log).containsExactly(missing.toString(), true);
    }

    @Test
    @Tag("SY-11")
    void aDirectoryThatIsReadLikeAFileIsAnErrorThatNamesIt() {
        assertReason(disk.read(directory, 100))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("Is a directory");
    }

    @Test
    @Tag("SY-12")
    void writeMakesOrOverwritesAndAppendAdds() throws Exception {
        Path file = directory.resolve("new");
        assertThat(disk.write(file, UTF_8.encode("a long line")).await()).isEqualTo(file);
        disk.write(file, UTF_8.encode("one")).then(path -> disk.append(path, UTF_8.encode(", two"))).await();
        assertThat(file).hasContent("one, two");
    }

    @Test
    @Tag("SY-13")
    void replacingKeepsThePermissionsAndLeavesNothingBeside() throws Exception {
        Path file = file("config", "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Object before = disk.stat(file).await().key().orElseThrow();
        disk.replace(file, UTF_8.encode("new")).await();
        assertThat(file).hasContent("new");
        FileInfo after = disk.stat(file).await();
        assertThat(PosixFilePermissions.toString(after.permissions())).isEqualTo("rw-r-----");
        assertThat(after.key()).isPresent().get().isNotEqualTo(before);
        assertThat(disk.list(directory, 10).await()).containsExactly(file);
    }

    @Test
    @Tag("SY-13")
    void aReplacementThatFailsLeavesTheOldFileAndNothingBeside() throws Exception {
        Path target = Files.createDirectory(directory.resolve("full"));
        Files.createFile(target.resolve("inside"));
        assertReason(disk.replace(target, UTF_8.encode("new"))).isInstanceOf(FileSystemException.class);
        assertThat(disk.list(directory, 10).await()).containsExactly(target);
    }

    @Test
    @Tag("SY-14")
    void aFullDiskIsAnErrorThatNamesTheFile() {
        Path full = Path.of("/dev/full");
        assertReason(disk.write(full, UTF_8.encode("x"), java.nio.file.StandardOpenOption.WRITE))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("/dev/full: No space left on device");
    }

    // ---- asking

    @Test
    @Tag("SY-15")
    void statTellsKindAndSizeOfWhatALinkPointsToOrOfTheLink() throws Exception {
        Path file = file("file", "12345");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        FileInfo info = disk.stat(link).await();
        assertThat(info.isFile()).isTrue();
        assertThat(info.size()).isEqualTo(5);
        assertThat(info.modified()).isEqualTo(Files.getLastModifiedTime(file).toInstant());
        assertThat(disk.stat(link, NOFOLLOW_LINKS).await().kind()).isEqualTo(FileInfo.Kind.LINK);
        assertThat(disk.stat(directory).await().isDirectory()).isTrue();
        assertThat(disk.stat(Path.of("/dev/null")).await().kind()).isEqualTo(FileInfo.Kind.OTHER);
        assertReason(disk.stat(directory.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void existsAnswersWithoutAnError() throws Exception {
        assertThat(disk.exists(directory).await()).isTrue();
        assertThat(disk.exists(directory.resolve("missing")).await()).isFalse();
    }

    @Test
    @Tag("SY-16")
    void listIsSortedAndBounded() throws Exception {
        Path b = file("b", "");
        Path a = file("a", "");
        assertThat(disk.list(directory, 2).await()).containsExactly(a, b);
        assertReason(disk.list(directory, 1)).isInstanceOf(LimitException.class);
        assertReason(disk.list(a, 1)).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    @Tag("SY-16")
    void walkIsBoundedInDepthAndNumberAndFollowsNoLink() throws Exception {
        Path low = Files.createDirectories(directory.resolve("top/low"));
        Path file = Files.createFile(low.resolve("file"));
        Path top = low.getParent();
        Files.createSymbolicLink(low.resolve("round"), directory);
        assertThat(disk.walk(top, 9, 9).await()).containsExactlyInAnyOrder(top, low, file, low.resolve("round"));
        assertThat(disk.walk(top, 1, 9).await()).containsExactly(top, low);
        assertReason(disk.walk(top, 9, 2)).isInstanceOf(LimitException.class);
        assertReason(disk.walk(directory.resolve("missing"), 9, 9)).isInstanceOf(NoSuchFileException.class);
    }

    // ---- changing

    @Test
    @Tag("SY-17")
    void deletingATreeFollowsNoLink() throws Exception {
        Path kept = file("kept", "precious");
        Path tree = Files.createDirectories(directory.resolve("tree/low/lower"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        Files.createSymbolicLink(tree.resolve("up"), directory);
        disk.deleteTree(directory.resolve("tree")).await();
        assertThat(disk.list(directory, 9).await()).containsExactly(kept);
        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("d")));
        disk.deleteTree(link).await();
        assertThat(directory.resolve("d")).exists();
        assertReason(disk.deleteTree(link)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aDirectoryThatIsNotEmptyIsNotDeleted() throws Exception {
        file("inside", "");
        assertReason(disk.delete(directory)).isInstanceOf(DirectoryNotEmptyException.class);
        assertThat(disk.delete(directory.resolve("inside")).await()).doesNotExist();
    }

    @Test
    void moveAndCopyReplaceOnlyWhenAskedTo() throws Exception {
        Path one = file("one", "1");
        Path two = file("two", "2");
        assertReason(disk.copy(one, two)).isInstanceOf(FileAlreadyExistsException.class);
        disk.copy(one, two, REPLACE_EXISTING).await();
        assertThat(two).hasContent("1");
        assertReason(disk.move(one, two)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(disk.move(one, directory.resolve("three")).await()).hasContent("1");
        assertThat(one).doesNotExist();
    }

    @Test
    void directoriesAreMadeWithTheirParents() throws Exception {
        assertThat(disk.makeDirectories(directory.resolve("a/b/c")).await()).isDirectory();
    }

    // ---- temporary ones

    @Test
    @Tag("SY-18")
    void aTemporaryDirectoryIsItsOwnersAloneAndIsToldOnce() {
        EventLoop.run(loop -> disk.tempDirectory(Disk.tempRoot(), "thrum-test").tap(temp -> {
            log.add(temp.path());
            temp.remove().tap(path -> log.add(Files.exists(path)));
            assertThat(temp.path().getParent()).isEqualTo(Disk.tempRoot());
        }));
        assertThat(log).hasSize(2).last().isEqualTo(false);
    }

    @Test
    @Tag("SY-18")
    void temporaryPathsCanBeUsedByTheirOwnerOnly() throws Exception {
        TempPath file = disk.tempFile(directory, "up", ".part").await();
        TempPath sub = disk.tempDirectory(directory, "d").await();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path()))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sub.path()))).isEqualTo("rwx------");
        Files.createFile(sub.path().resolve("inside"));
        file.remove().await();
        sub.remove().await();
        sub.remove().await();
        assertThat(disk.list(directory, 9).await()).isEmpty();
    }

    @Test
    @Tag("SY-19")
    void aTemporaryDirectoryBelowAMissingParentIsNotFound() {
        assertReason(disk.tempDirectory(directory.resolve("missing"), "d")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    @Tag("SY-20")
    void aTemporaryFileGoesWithItsScope() throws Exception {
        Scope request = Scope.current().child();
        TempPath temp = request.call(() -> disk.tempFile(directory, "up", ".part")).await();
        assertThat(temp.path()).exists();
        request.cancel(new IOException("the client went away"));
        Eventually.holds(() -> Files.notExists(temp.path()), "the file is gone");
    }

    /// A JVM that makes a temporary directory, says where, and ends without removing it.
    static final class Untidy {
        public static void main(String[] arguments) {
            EventLoop.run(loop -> Disk.shared().tempDirectory(Path.of(arguments[0]), "untidy").tap(temp -> {
                System.out.println(temp.path());
                Disk.shared().write(temp.path().resolve("inside"), UTF_8.encode("left")).map(Path::toString);
            }));
        }
    }

    private static String classPath() throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> type : List.of(Untidy.class, Disk.class, EventLoop.class, Promise.class, Scope.class)) {
            places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
        }
        return String.join(":", places);
    }

    @Test
    @Tag("SY-20")
    void aTemporaryDirectoryGoesWithItsJvm() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Command untidy = Command.of(java, "-cp", classPath(), Untidy.class.getName(), directory.toString());
        Processes.Finished finished = Processes.shared().run(untidy, 10_000).await();
        assertThat(finished.output()).startsWith(directory.resolve("untidy").toString());
        assertThat(finished.errors()).isEmpty();
        assertThat(disk.list(directory, 9).await()).isEmpty();
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> disk.read(directory, -1)).hasMessage("limits must not be negative: -1");
        assertThatThrownBy(() -> disk.open(Path.of("x")).await()).cause().isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aDiskMayHaveALaneOfItsOwn() throws Exception {
        try (Lane lane = Lane.start("slow-disk", 1, 10)) {
            assertThat(Disk.on(lane).write(directory.resolve("f"), ByteBuffer.allocate(3)).await()).hasSize(3);
            assertThat(lane.counters().done()).isEqualTo(1);
            assertThat(Set.of(lane.name())).containsExactly("slow-disk");
        }
    }
}
