package dev.thrum.system;

import static dev.thrum.system.Change.Kind.CREATED;
import static dev.thrum.system.Change.Kind.DELETED;
import static dev.thrum.system.Change.Kind.GONE;
import static dev.thrum.system.Change.Kind.MODIFIED;
import static dev.thrum.system.Change.Kind.OVERFLOW;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.ManualLoop;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileWatchTest {
    private final FileWatches watches = FileWatches.create();
    private final BlockingQueue<Change> seen = new LinkedBlockingQueue<>();
    private final List<Object> log = new ArrayList<>();

    @TempDir
    Path directory;

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static void unchecked(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileWatch watch(Path path) throws InterruptedException {
        return watches.watch(path, seen::addAll).await();
    }

    private void await(Change.Kind kind, Path path) throws InterruptedException {
        Change change;
        do {
            change = seen.poll(30, TimeUnit.SECONDS);
            assertThat(change).as("before %s %s", kind, path).isNotNull();
        } while (!change.equals(new Change(kind, path)));
    }

    private static long watchThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("thrum-watch"))
                .count();
    }

    // ---- directories

    @Test
    @Tag("SY-60")
    void aDirectoryTellsWhatComesChangesAndGoesAtHomeAndClosingTheWatchEndsTheLoop() {
        Path sub = directory.resolve("sub");
        EventLoop.run(loop -> watches.watch(directory, changes -> changes.forEach(change -> {
                    assertThat(loop.isHere()).isTrue();
                    log.add(change);
                    if (change.equals(new Change(CREATED, sub))) {
                        unchecked(() -> Files.writeString(directory.resolve("file"), "content"));
                    } else if (change.equals(new Change(CREATED, directory.resolve("file")))) {
                        unchecked(() -> Files.delete(sub));
                    } else if (change.equals(new Change(DELETED, sub))) {
                        loop.exit();
                    }
                }))
                .tap(watch -> unchecked(() -> Files.createDirectory(sub))));
        assertThat(log).contains(
                new Change(CREATED, sub), new Change(CREATED, directory.resolve("file")), new Change(DELETED, sub));
    }

    @Test
    @Tag("SY-61")
    void anOpenWatchKeepsItsLoopAliveUntilItIsClosed() {
        EventLoop.run(loop -> {
            var watch = new AtomicReference<FileWatch>();
            watches.watch(directory, changes -> {
                        log.add(watch.get().isOpen());
                        watch.get().close();
                        watch.get().close();
                        log.add(watch.get().isOpen());
                    })
                    .tap(made -> {
                        watch.set(made);
                        loop.after(Duration.ofMillis(1), () -> unchecked(() -> Files.createFile(directory.resolve("f"))));
                    });
        });
        assertThat(log).containsExactly(true, false);
    }

    @Test
    @Tag("SY-61")
    void anUnreferencedWatchLetsItsLoopEnd() {
        EventLoop.run(loop -> watches.watch(directory, changes -> log.add(changes)).tap(FileWatch::unref));
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("SY-62")
    void aMissingPathIsNotFound() {
        assertThatThrownBy(() -> watch(directory.resolve("missing")))
                .cause()
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> watches.watch(directory, Duration.ofNanos(-1), changes -> {}))
                .hasMessage("window must not be negative: PT-0.000000001S");
    }

    @Test
    @Tag("SY-63")
    void aDirectoryThatGoesAwayIsToldLastAndClosesItsWatch() throws Exception {
        Path sub = Files.createDirectory(directory.resolve("sub"));
        FileWatch watch = watch(sub);
        Files.delete(sub);
        await(GONE, sub);
        Eventually.holds(() -> !watch.isOpen(), "the watch is closed");
        assertThat(seen).isEmpty();
    }

    @Test
    @Tag("SY-64")
    void whatHappensWithinTheWindowIsToldTogetherEachPathOnce() throws Exception {
        var now = new AtomicLong();
        try (ManualLoop loop = EventLoop.manual(now::get)) {
            var batches = new ArrayList<List<Change>>();
            loop.runHere(() -> watches.watch(directory, Duration.ofSeconds(1), batches::add));
            Eventually.holds(loop::turn, "the watch is made");
            FileWatch ahead = watch(directory); // hears of everything after the other one
            Path a = Files.writeString(directory.resolve("a"), "1");
            Path b = Files.writeString(directory.resolve("b"), "1");
            Files.writeString(a, "22");
            Files.delete(b);
            await(DELETED, b);
            turnThrough(loop);
            assertThat(batches).isEmpty();
            now.addAndGet(1_000_000_000);
            turnThrough(loop);
            assertThat(batches).containsExactly(List.of(new Change(CREATED, a), new Change(DELETED, b)));
            ahead.close();
        }
    }

    private static void turnThrough(ManualLoop loop) {
        for (int i = 0; i < 10; i++) {
            loop.turn();
        }
    }

    @Test
    @Tag("SY-65")
    void whenMoreHappensThanCanBeNotedThatIsTold() throws Exception {
        var busy = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        var changes = new LinkedBlockingQueue<Change>();
        FileWatch watch = watches.watch(directory, batch -> { // at the root home: on the watching thread
                    busy.countDown();
                    awaitQuietly(gate);
                    changes.addAll(batch);
                })
                .await();
        Files.createFile(directory.resolve("first"));
        assertThat(busy.await(30, SECONDS)).isTrue();
        for (int i = 0; i < 2_000; i++) {
            Files.createFile(directory.resolve("more-" + i));
        }
        gate.countDown();
        Change overflow = new Change(OVERFLOW, directory);
        Eventually.holds(() -> changes.contains(overflow), "the overflow is told");
        watch.close();
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            assertThat(gate.await(30, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- files

    @Test
    @Tag("SY-66")
    void aFileIsWatchedByItsNameThroughChangeReplacementAndReturn() throws Exception {
        Path file = Files.writeString(directory.resolve("config"), "1");
        FileWatch watch = watch(file);
        Files.writeString(directory.resolve("other"), "ignored");
        Files.writeString(file, "22");
        await(MODIFIED, file);
        Files.move(Files.writeString(directory.resolve("new"), "333"), file, ATOMIC_MOVE);
        await(MODIFIED, file);
        Files.delete(file);
        await(DELETED, file);
        Files.writeString(file, "4444");
        await(CREATED, file);
        watch.close();
    }

    @Test
    @Tag("SY-66")
    void aFileBehindALinkThatMovesOnIsModified() throws Exception {
        Path one = Files.createDirectory(directory.resolve("..one"));
        Path two = Files.createDirectory(directory.resolve("..two"));
        Files.writeString(one.resolve("tls.crt"), "old");
        Files.writeString(two.resolve("tls.crt"), "newer");
        Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..one"));
        Path file = Files.createSymbolicLink(directory.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        FileWatch watch = watch(file);
        Path next = Files.createSymbolicLink(directory.resolve("..next"), Path.of("..two"));
        Files.move(next, data, ATOMIC_MOVE);
        await(MODIFIED, file);
        assertThat(seen).allMatch(change -> change.path().equals(file));
        watch.close();
    }

    // ---- scopes and ends

    @Test
    @Tag("SY-67")
    void aCallbackRunsUnderTheScopeOfWhoeverMadeTheWatch() {
        Key<String> user = Key.of("user");
        EventLoop.run(loop -> Scope.current().with(user, "ada").run(() -> watches.watch(directory, changes -> {
                    log.add(Scope.current().get(user).orElse("nobody") + " " + (Scope.current().home() == loop));
                    loop.exit();
                })
                .tap(watch -> unchecked(() -> Files.createFile(directory.resolve("file"))))));
        assertThat(log).containsExactly("ada true");
    }

    @Test
    @Tag("SY-67")
    void aWatchGoesWithItsScope() throws Exception {
        Scope request = Scope.current().child();
        FileWatch watch = request.call(() -> watch(directory));
        request.cancel(new IOException("the client went away"));
        assertThat(watch.isOpen()).isFalse();
        Eventually.holds(() -> watchThreads() == 0, "nobody watches");
    }

    @Test
    @Tag("SY-67")
    void theLastWatchTakesThreadAndDescriptorsAlong() throws Exception {
        Eventually.holds(() -> watchThreads() == 0, "the threads of other tests are gone");
        FileWatch one = watch(directory);
        FileWatch two = watch(Files.createFile(directory.resolve("file")));
        assertThat(watchThreads()).isOne();
        one.close();
        Files.writeString(directory.resolve("file"), "still seen");
        await(MODIFIED, directory.resolve("file"));
        two.close();
        Eventually.holds(() -> watchThreads() == 0, "the thread is gone");
        FileWatch again = watch(directory);
        Files.delete(directory.resolve("file"));
        await(DELETED, directory.resolve("file"));
        again.close();
        Eventually.holds(() -> watchThreads() == 0, "the thread is gone again");
    }

    @Test
    @Tag("SY-68")
    void whatACallbackThrowsIsReportedAndTheWatchGoesOn() {
        var problem = new IllegalStateException("broken");
        var config = LoopConfig.named("watching").withOnError(log::add);
        EventLoop.run(config, loop -> watches.watch(directory, changes -> {
                    if (log.isEmpty()) {
                        loop.execute(() -> unchecked(() -> Files.createFile(directory.resolve("second"))));
                        throw problem;
                    }
                    loop.exit();
                })
                .tap(watch -> unchecked(() -> Files.createFile(directory.resolve("first")))));
        assertThat(log).containsExactly(problem);
    }

    @Test
    @Tag("SY-69")
    void aWatchEndsWithItsLoop() {
        var watch = new AtomicReference<FileWatch>();
        EventLoop.run(loop -> watches.watch(directory, changes -> log.add(changes)).tap(made -> {
            watch.set(made);
            loop.exit();
        }));
        assertThat(watch.get().isOpen()).isFalse();
        Eventually.holds(() -> watchThreads() == 0, "nobody watches");
    }
}
