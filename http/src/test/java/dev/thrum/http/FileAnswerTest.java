package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers that are parts of files.
@Tag("H-27")
class FileAnswerTest {
    private static final int SIZE = 200_000; // more than may wait to be sent

    @TempDir
    Path folder;

    private final List<FileChannel> opened = new ArrayList<>();
    private final List<Exchange> late = new ArrayList<>();
    private final List<Boolean> aborted = new ArrayList<>();
    private Wire wire;

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(folder.resolve("file"), "0123456789".repeat(SIZE / 10));
        wire = new Wire(this::answer);
    }

    @AfterEach
    void close() {
        wire.close();
        assertThat(opened).noneMatch(FileChannel::isOpen);
    }

    private FileChannel open() {
        try {
            opened.add(FileChannel.open(folder.resolve("file")));
            return opened.getLast();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Exchange exchange) {
        exchange.onFinished(over -> aborted.add(over.isAborted()));
        switch (exchange.request().path()) {
            case "/file" -> exchange.response().send(open(), 0, SIZE);
            case "/part" -> exchange.response().header("Content-Type", "text/plain").send(open(), 3, 4);
            case "/short" -> exchange.response().send(open(), SIZE - 3, 4);
            case "/late" -> late.add(exchange);
            default -> exchange.response().send("other");
        }
    }

    @Test
    void aPartIsSentWithItsLengthAndTheFileIsClosed() {
        assertThat(wire.send(Wire.get("/part")).received())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/plain\r\n", "Content-Length: 4\r\n")
                .endsWith("\r\n\r\n3456");
        assertThat(opened.getFirst().isOpen()).isFalse();
        assertThat(aborted).containsExactly(false);
    }

    @Test
    void headIsAnsweredWithTheLengthOnly() {
        assertThat(wire.send("HEAD /file HTTP/1.1\r\n" + Wire.HOST + "\r\n").received())
                .contains("Content-Type: application/octet-stream\r\n", "Content-Length: " + SIZE + "\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void itGoesAtTheClientsPaceAndTheNextAnswerWaits() {
        wire.socket.readSlowly();
        wire.send(Wire.get("/file") + Wire.get("/other"));
        assertThat(wire.received().length()).isLessThan(SIZE);
        assertThat(opened.getFirst().isOpen()).isTrue();

        wire.socket.readAll();
        assertThat(wire.received()).contains("Content-Length: " + SIZE + "\r\n").endsWith("\r\n\r\nother");
        assertThat(wire.received().length()).isGreaterThan(SIZE);
        assertThat(opened.getFirst().isOpen()).isFalse();
    }

    @Test
    void itWaitsForItsTurn() {
        wire.send(Wire.get("/late") + Wire.get("/part") + Wire.get("/other"));
        assertThat(wire.received()).isEmpty();
        assertThat(opened.getFirst().isOpen()).isTrue();

        wire.later(() -> late.getFirst().response().send("first"));
        assertThat(wire.received()).containsSubsequence("\r\n\r\nfirst", "\r\n\r\n3456", "\r\n\r\nother");
    }

    @Test
    void whatWaitsForItsTurnIsClosedWhenTheClientLeaves() {
        wire.send(Wire.get("/late") + Wire.get("/part"));
        wire.socket.reset();
        assertThat(opened.getFirst().isOpen()).isFalse();
        assertThat(aborted).containsExactly(true, true);
    }

    @Test
    void aClientThatLeavesInTheMiddleClosesIt() {
        wire.socket.readSlowly();
        wire.send(Wire.get("/file"));
        wire.socket.reset();
        wire.socket.readAll();
        assertThat(opened.getFirst().isOpen()).isFalse();
        assertThat(aborted).containsExactly(true);
        assertThat(wire.reported).isEmpty();
    }

    @Test
    void aClientThatHasOnlyEndedItsHalfGetsAllOfIt() {
        wire.socket.readSlowly();
        wire.send(Wire.get("/file"));
        wire.socket.endInput();
        assertThat(wire.socket.isOpen()).isTrue();

        wire.socket.readAll();
        assertThat(wire.body()).hasSize(SIZE);
        assertThat(wire.socket.isOpen()).isFalse();
        assertThat(aborted).containsExactly(false);
    }

    @Test
    void aFileThatIsTooShortBreaksTheConnectionOff() {
        wire.send(Wire.get("/short") + Wire.get("/other"));
        assertThat(wire.socket.isAborted()).isTrue();
        assertThat(wire.received()).contains("Content-Length: 4\r\n").doesNotContain("other");
        assertThat(wire.reported).singleElement().isInstanceOf(EOFException.class);
    }

    @Test
    void whereThereIsNoBodyTheFileIsStillTheCallers() throws IOException {
        List<FileChannel> mine = new ArrayList<>();
        try (var strict = new Wire(exchange -> {
            mine.add(open());
            exchange.response().status(304);
            assertThatThrownBy(() -> exchange.response().send(mine.getFirst(), 0, 4)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> exchange.response().status(200).send(mine.getFirst(), -1, 4))
                    .isInstanceOf(IllegalArgumentException.class);
            exchange.response().send();
        })) {
            assertThat(strict.send(Wire.get("/")).status()).isEqualTo(200);
            assertThat(mine.getFirst().isOpen()).isTrue();
            mine.getFirst().close();
        }
    }
}
