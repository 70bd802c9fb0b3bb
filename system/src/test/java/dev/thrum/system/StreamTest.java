package dev.thrum.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promises;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StreamTest {
    private static final int SIZE = 1_000_000;

    private final Disk disk = Disk.shared();
    private final byte[] content = new byte[SIZE];
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Object> log = new ArrayList<>();

    @TempDir
    Path directory;

    private Path bigFile() throws IOException {
        new Random(42).nextBytes(content);
        return Files.write(directory.resolve("big"), content);
    }

    private void receive(ByteBuffer bytes) {
        var piece = new byte[bytes.remaining()];
        bytes.get(piece);
        received.writeBytes(piece);
    }

    /// Counts descriptors of this process that are open on a path.
    private static long open(Path path) {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            long count = 0;
            for (Path descriptor : descriptors) {
                count += isOn(descriptor, path) ? 1 : 0;
            }
            return count;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isOn(Path descriptor, Path path) {
        try {
            return Files.readSymbolicLink(descriptor).equals(path);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    // ---- reading

    @Test
    @Tag("SY-21")
    void aFileStreamsToASinkAtHomeWhichIsHeldUntilTheEnd() throws IOException {
        Path file = bigFile();
        EventLoop.run(loop -> disk.stream(file, bytes -> {
                    assertThat(loop.isHere()).isTrue();
                    receive(bytes);
                    return Promise.of(true);
                })
                .tap(log::add));
        assertThat(received.toByteArray()).isEqualTo(content);
        assertThat(log).containsExactly((long) SIZE);
        assertThat(open(file)).isZero();
    }

    @Test
    @Tag("SY-22")
    void nothingIsReadBeforeTheSinkHasTakenThePieceBefore() throws IOException {
        Path file = bigFile();
        EventLoop.run(loop -> {
            disk.stream(file, bytes -> {
                log.add("piece");
                receive(bytes);
                Resolver<String> taken = Resolver.holding();
                loop.atTurnEnd(() -> loop.atTurnEnd(() -> {
                    log.add("taken");
                    taken.resolve("taken");
                }));
                return taken.promise();
            });
        });
        assertThat(received.toByteArray()).isEqualTo(content);
        assertThat(log.subList(0, 4)).containsExactly("piece", "taken", "piece", "taken");
    }

    @Test
    @Tag("SY-23")
    void aSinkThatFailsEndsTheStreamAndTheFileIsClosed() throws Exception {
        Path file = bigFile();
        var problem = new IOException("enough");
        assertThatThrownBy(() -> disk.stream(file, bytes -> Promise.failed(problem)).await()).hasCause(problem);
        var thrown = new IllegalStateException("enough");
        assertThatThrownBy(() -> disk.stream(file, bytes -> {
                            throw thrown;
                        })
                        .await())
                .hasCause(thrown);
        assertThat(open(file)).isZero();
    }

    @Test
    @Tag("SY-23")
    void aStreamOfAMissingFileIsNotFound() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> disk.stream(missing, ByteSink.of(this::receive)).await())
                .cause()
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    @Tag("SY-24")
    void aStreamThatIsCancelledIsClosedWhileItsSinkIsBusy() throws IOException {
        Path file = bigFile();
        var stream = new AtomicReference<@Nullable Promise<Long>>();
        EventLoop.run(loop -> {
            Promise<Long> promise = disk.stream(file, bytes -> {
                log.add("piece");
                loop.atTurnEnd(() -> log.add(stream.get().cancel()));
                return Resolver.<String>create().promise();
            });
            stream.set(promise);
        });
        assertThat(log).containsExactly("piece", true);
        Eventually.holds(() -> open(file) == 0, "the file is closed");
    }

    @Test
    @Tag("SY-24")
    void aStreamEndsWithItsScope() throws IOException {
        Path file = bigFile();
        var reason = new IOException("the client went away");
        EventLoop.run(loop -> {
            Scope request = Scope.current().child();
            request.run(() -> disk.stream(file, bytes -> {
                        loop.atTurnEnd(() -> request.cancel(reason));
                        return Resolver.<String>create().promise();
                    })
                    .map(size -> "all of it")
                    .recover(IOException.class, problem -> {
                        log.add(problem);
                        return "less";
                    }));
        });
        assertThat(log).containsExactly(reason);
        Eventually.holds(() -> open(file) == 0, "the file is closed");
    }

    @Test
    @Tag("SY-24")
    void aStreamEndsWithItsLoopWhichTells() throws IOException {
        Path file = bigFile();
        EventLoop.run(loop -> disk.stream(file, bytes -> {
                    loop.exit();
                    return Resolver.<String>create().promise();
                })
                .map(size -> "all of it")
                .recover(CancellationException.class, problem -> {
                    log.add(loop.isHere());
                    return "less";
                }));
        assertThat(log).containsExactly(true);
        Eventually.holds(() -> open(file) == 0, "the file is closed");
    }

    @Test
    @Tag("SY-25")
    void aFileStreamsIntoAnother() throws Exception {
        Path file = bigFile();
        Path copy = directory.resolve("copy");
        disk.sink(copy)
                .then(sink -> disk.stream(file, sink::write).then(size -> sink.finish()))
                .await();
        assertThat(copy).hasSameBinaryContentAs(file);
        assertThat(open(copy)).isZero();
    }

    @Test
    @Tag("SY-2")
    void aSinkRunsUnderTheScopeOfWhoeverStartedTheStream() throws IOException {
        Key<String> user = Key.of("user");
        Path file = bigFile();
        EventLoop.run(loop -> Scope.current().with(user, "ada").run(() -> disk.stream(file, bytes -> {
            log.add(Scope.current().get(user).orElse("nobody") + " " + (Scope.current().home() == loop));
            return Promise.of(true);
        })));
        assertThat(log).isNotEmpty().containsOnly("ada true");
    }

    // ---- sinks

    @Test
    @Tag("SY-25")
    void piecesAreWrittenInTheOrderOfTheCalls() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "0");
        FileSink sink = disk.sink(file, CREATE, APPEND).await();
        List<Promise<Long>> writes = new ArrayList<>();
        for (String piece : List.of("1", "22", "333")) {
            writes.add(sink.write(UTF_8.encode(piece)));
        }
        assertThat(sink.finish().await()).isEqualTo(6);
        assertThat(Promises.all(writes).await()).containsExactly(1L, 3L, 6L);
        assertThat(file).hasContent("0122333");
        assertThat(sink.finish().await()).isEqualTo(6);
        assertThatThrownBy(() -> sink.write(UTF_8.encode("late")).await())
                .hasRootCauseMessage("nothing can be written after the end: " + file);
    }

    @Test
    @Tag("SY-26")
    void afterTheFirstFailureASinkTakesNoMore() throws Exception {
        FileSink sink = disk.sink(Path.of("/dev/full"), WRITE).await();
        Promise<Long> first = sink.write(UTF_8.encode("x"));
        assertThatThrownBy(first::await)
                .cause()
                .isInstanceOf(FileSystemException.class)
                .hasMessage("/dev/full: No space left on device");
        assertThatThrownBy(() -> sink.write(UTF_8.encode("y")).await()).cause().hasMessageContaining("No space left");
        assertThatThrownBy(() -> sink.finish().await()).cause().hasMessageContaining("No space left");
        assertThat(sink.written()).isZero();
        assertThat(open(Path.of("/dev/full"))).isZero();
    }

    @Test
    @Tag("SY-27")
    void aReplacingSinkPutsItsFileInPlaceWhenItIsFinished() throws Exception {
        Path file = Files.writeString(directory.resolve("page"), "old");
        FileSink sink = disk.replacingSink(file).await();
        sink.write(UTF_8.encode("new")).await();
        assertThat(file).hasContent("old");
        sink.finish().await();
        assertThat(file).hasContent("new");
        assertThat(disk.list(directory, 9).await()).containsExactly(file);
    }

    @Test
    @Tag("SY-27")
    void aReplacingSinkThatIsAbortedLeavesNothing() throws Exception {
        Path file = directory.resolve("page");
        FileSink sink = disk.replacingSink(file).await();
        Promise<Long> write = sink.write(UTF_8.encode("new"));
        sink.abort().await();
        assertThat(disk.list(directory, 9).await()).isEmpty();
        write.recover(CancellationException.class, e -> 0L).await();
        assertThat(sink.finish().await()).isLessThanOrEqualTo(3);
    }

    @Test
    @Tag("SY-27")
    void aReplacingSinkGoesWithItsScope() throws Exception {
        Scope request = Scope.current().child();
        FileSink sink = request.call(() -> disk.replacingSink(directory.resolve("page"))).await();
        sink.write(UTF_8.encode("half")).await();
        var reason = new IOException("the client went away");
        request.cancel(reason);
        assertThatThrownBy(() -> sink.write(UTF_8.encode("more")).await()).satisfiesAnyOf(
                problem -> assertThat(problem).hasCause(reason),
                problem -> assertThat(problem).hasRootCauseMessage("nothing can be written after the end: " + sink.path()));
        Eventually.holds(() -> list().isEmpty(), "nothing is left");
    }

    private List<Path> list() {
        try (var stream = Files.list(directory)) {
            return stream.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- open files

    @Test
    @Tag("SY-28")
    void anOpenFileIsReadAndWrittenAtAnyPosition() throws Exception {
        OpenFile file = disk.open(directory.resolve("data"), CREATE, READ, WRITE).await();
        assertThat(file.write(UTF_8.encode("world"), 6).await()).isEqualTo(5);
        assertThat(file.write(UTF_8.encode("hello "), 0).await()).isEqualTo(6);
        ByteBuffer buffer = ByteBuffer.allocateDirect(5);
        assertThat(file.read(buffer, 3).await()).isEqualTo(5);
        assertThat(UTF_8.decode(buffer.flip()).toString()).isEqualTo("lo wo");
        assertThat(file.read(buffer.clear(), 11).await()).isEqualTo(-1);
        assertThat(file.size().await()).isEqualTo(11);
        file.truncate(5).then(OpenFile::sync).await();
        assertThat(file.close().await()).hasContent("hello");
    }

    @Test
    @Tag("SY-28")
    void aPartOfAFileIsStreamedOrMovedToAChannel() throws Exception {
        OpenFile file = disk.open(bigFile()).await();
        byte[] part = Arrays.copyOfRange(content, 1_000, 201_000);
        assertThat(file.stream(1_000, 200_000, ByteSink.of(this::receive)).await()).isEqualTo(200_000);
        assertThat(received.toByteArray()).isEqualTo(part);
        received.reset();
        assertThat(file.transferTo(1_000, 200_000, Channels.newChannel(received)).await()).isEqualTo(200_000);
        assertThat(received.toByteArray()).isEqualTo(part);
        assertThat(file.stream(0, 0, ByteSink.of(this::receive)).await()).isZero();
        assertThat(file.channel().size()).isEqualTo(SIZE);
        file.close().await();
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    @Tag("SY-29")
    void closingWaitsForWhatWasAskedForBefore() throws Exception {
        Path path = directory.resolve("data");
        OpenFile file = disk.open(path, CREATE, WRITE).await();
        List<Promise<Integer>> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writes.add(file.write(UTF_8.encode("x"), i));
        }
        assertThat(file.close().await()).hasSize(100);
        assertThat(Promises.all(writes).await()).hasSize(100);
        assertThat(file.close().await()).isEqualTo(path);
        assertThatThrownBy(() -> file.size().await()).hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.stream(0, 1, ByteSink.of(this::receive)).await())
                .hasCauseInstanceOf(ClosedChannelException.class);
    }

    @Test
    @Tag("SY-29")
    void anOpenFileIsClosedWithItsScope() throws Exception {
        Path path = bigFile();
        Scope request = Scope.current().child();
        request.call(() -> disk.open(path)).await();
        assertThat(open(path)).isOne();
        request.cancel(new IOException("the client went away"));
        Eventually.holds(() -> open(path) == 0, "the file is closed");
    }

    @Test
    @Tag("SY-29")
    void anAdoptedChannelIsClosedWithItsScope() throws Exception {
        Scope request = Scope.current().child();
        FileChannel channel = FileChannel.open(bigFile());
        OpenFile file = request.call(() -> disk.adopt(Path.of("big"), channel));
        assertThat(file.size().await()).isPositive();
        request.cancel(new IOException("the client went away"));
        file.close().await();

        assertThat(channel.isOpen()).isFalse();
        assertThat(file).hasToString("open file big");
    }

    @Test
    void aFileThatCannotBeWrittenNamesItself() throws Exception {
        OpenFile full = disk.open(Path.of("/dev/full"), WRITE).await();
        assertThatThrownBy(() -> full.write(UTF_8.encode("x"), 0).await())
                .cause()
                .hasMessage("/dev/full: No space left on device");
        full.close().await();
        assertThatThrownBy(() -> full.read(ByteBuffer.allocate(1), -1))
                .hasMessage("positions, sizes and counts must not be negative: -1");
    }
}
