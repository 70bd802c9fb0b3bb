package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StallTest {
    private static final Duration NONE = Duration.ZERO;
    private static final Duration FIVE = Duration.ofSeconds(5);
    private static final Duration FOUR = Duration.ofSeconds(4);
    private static final int MORE_THAN_FITS = 20_000_000;

    private Pair pair;

    @BeforeEach
    void open() throws IOException {
        pair = new Pair();
        pair.read();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    private void limits(Duration reading, Duration writing) {
        pair.loop.runHere(() -> pair.socket.timeouts(reading, writing));
    }

    @Test
    @Tag("N-60")
    void aSilentPeerIsGivenUpAfterTheLimit() {
        limits(FIVE, NONE);
        pair.advance(FOUR);
        assertThat(pair.log).isEmpty();
        pair.advance(Duration.ofSeconds(1));
        assertThat(pair.log)
                .singleElement()
                .asString()
                .startsWith("closed Timeout: nothing arrived for PT5S: 127.0.0.1:");
        assertThat(pair.socket.isOpen()).isFalse();
    }

    @Test
    @Tag("N-60")
    void whatArrivesStartsTheTimeAnew() throws IOException {
        limits(FIVE, NONE);
        pair.advance(FOUR);
        pair.send("a");
        pair.advance(FOUR);
        pair.send("b");
        pair.advance(FOUR);
        assertThat(pair.log).containsExactly("a", "b");
        pair.advance(Duration.ofSeconds(1));
        assertThat(pair.log).hasSize(3).last().asString().startsWith("closed Timeout");
    }

    @Test
    @Tag("N-61")
    void limitsMayBeSetTwiceAndCountAnew() {
        limits(FIVE, FIVE);
        pair.advance(FOUR);
        limits(FIVE, FIVE);
        pair.advance(FOUR);
        assertThat(pair.log).isEmpty();
        pair.advance(Duration.ofSeconds(1));
        assertThat(pair.log).hasSize(1);
    }

    @Test
    @Tag("N-61")
    void limitsMayBeCleared() {
        limits(FIVE, FIVE);
        pair.advance(FOUR);
        limits(NONE, NONE);
        pair.advance(Duration.ofDays(1));
        assertThat(pair.log).isEmpty();
        assertThat(pair.loop.pending()).isZero();
    }

    @Test
    @Tag("N-62")
    void timeDoesNotCountWhileReadingIsPaused() {
        limits(FIVE, NONE);
        pair.loop.runHere(pair.socket::pauseReading);
        pair.advance(Duration.ofDays(1));
        assertThat(pair.log).isEmpty();
        pair.loop.runHere(pair.socket::resumeReading);
        pair.advance(FOUR);
        assertThat(pair.log).isEmpty();
        pair.advance(Duration.ofSeconds(1));
        assertThat(pair.log).hasSize(1);
    }

    @Test
    @Tag("N-63")
    void aPeerThatTakesNothingIsGivenUpAndTheWriteRejected() {
        limits(NONE, FIVE);
        pair.advance(Duration.ofDays(1)); // nothing waits
        assertThat(pair.log).isEmpty();
        pair.loop.runHere(() -> pair.socket
                .write(ByteBuffer.allocate(MORE_THAN_FITS))
                .recover(NetException.Timeout.class, problem -> {
                    pair.log.add("write");
                    return pair.socket;
                }));
        pair.settle();
        for (int i = 0; i < 100 && pair.socket.isOpen(); i++) { // the system may take some more in between
            pair.advance(FIVE);
        }
        assertThat(pair.log).hasSize(2).startsWith("write");
        assertThat(pair.log).last().asString().startsWith("closed Timeout: nothing could be sent for PT5S");
    }

    @Test
    @Tag("N-63")
    void whatIsTakenStartsTheTimeAnewAlsoWhileClosing() throws IOException {
        limits(NONE, FIVE);
        pair.loop.runHere(() -> {
            pair.socket.write(ByteBuffer.allocate(MORE_THAN_FITS));
            pair.socket.close();
        });
        var chunk = new byte[100_000];
        for (long left = pair.socket.pending(); left > 0; left = pair.socket.pending()) {
            pair.advance(FOUR);
            while (pair.socket.pending() == left) {
                pair.peer.getInputStream().read(chunk);
                pair.settle();
            }
        }
        pair.settle();
        assertThat(pair.log).containsExactly("closed null");
    }

    @Test
    void theEndLeavesNoTimer() {
        limits(FIVE, FIVE);
        assertThat(pair.loop.pending()).isPositive();
        pair.loop.runHere(pair.socket::close);
        pair.settle();
        assertThat(pair.log).containsExactly("closed null");
        assertThat(pair.loop.pending()).isZero();
        limits(FIVE, FIVE);
        assertThat(pair.loop.pending()).isZero();
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatThrownBy(() -> pair.socket.timeouts(Duration.ofMillis(-1), NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reading must not be negative: PT-0.001S");
        assertThatThrownBy(() -> pair.socket.timeouts(NONE, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("writing must not be negative: PT-0.001S");
    }
}
