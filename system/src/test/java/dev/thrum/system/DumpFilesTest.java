package dev.thrum.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Signal;
import dev.thrum.scope.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DumpFilesTest {
    private static final long SELF = ProcessHandle.current().pid();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.toList();
        }
    }

    @Test
    @Tag("SY-90")
    void aDumpIsTwoFilesThatOnlyTheirOwnerReads() throws IOException {
        Path json = DumpFiles.write(temp);

        assertThat(json.getFileName().toString()).matches("thrum-" + SELF + "-\\d{8}-\\d{6}-\\d{3}\\.json");
        assertThat(json).content().startsWith("{\n \"process\": {").endsWith("}\n");
        assertThat(files()).hasSize(2).allSatisfy(file -> assertThat(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------"));
    }

    @Test
    @Tag("SY-90")
    void theLastTenAreKept() throws IOException {
        Path first = DumpFiles.write(temp);
        for (int i = 0; i < 10; i++) {
            DumpFiles.write(temp);
        }

        assertThat(files()).hasSize(20).doesNotContain(first);
    }

    @Test
    @Tag("SY-91")
    void aSignalIsHeardThoughTheLoopIsStuck() throws Exception {
        EventLoop loop = EventLoop.start("stuck");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        loop.execute(() -> {
            entered.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        entered.await();
        try (Registration _ = DumpFiles.on(Signal.USR1, temp.resolve("made"))) {
            assertThat(DumpFiles.ask(SELF, PATIENCE)).content().contains("all that belongs to loop 'stuck'", "\"answers\": false");
            assertThat(DumpFiles.ask(SELF, PATIENCE)).exists();
        } finally {
            mayGoOn.countDown();
            loop.exit();
        }
        assertThat(loop.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    @Tag("SY-91")
    void whoDoesNotWaitForTheSignalIsNotSentOne() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> DumpFiles.ask(SELF, PATIENCE))
                .withMessageContaining("process " + SELF + " is no Thrum program that waits for a signal");
        DumpFiles.on(Signal.USR1, temp).close();
        assertThatIOException()
                .isThrownBy(() -> DumpFiles.ask(SELF, PATIENCE))
                .withMessageContaining("process " + SELF + " is no Thrum program that waits for a signal");
    }

    @Test
    @Tag("SY-91")
    void whatCannotBeWrittenIsToldToWhoAsked() throws Exception {
        Path directory = temp.resolve("made");
        try (Registration _ = DumpFiles.on(Signal.USR1, directory)) {
            Files.delete(directory);
            Files.createFile(directory);

            assertThatIOException()
                    .isThrownBy(() -> DumpFiles.ask(SELF, PATIENCE))
                    .withMessageContaining("process " + SELF + " could not write its dump: failed")
                    .withMessageContaining(directory.toString());
        }
    }
}
