package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that send or take a byte a second, to keep a connection for ever (slowloris and its kin).
@Tag("S12")
class S12SlowClientsTest {
    private static final int CLIENTS = Long.getLong("thrum.stress.millis", 300) > 300 ? 5_000 : 500;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: here\r\n";

    private static List<FakeSocket> attack(Wire wire, int clients, String first, String again, int seconds) {
        List<FakeSocket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            sockets.add(wire.connect());
            wire.send(first);
        }
        for (int second = 0; second < seconds; second++) {
            wire.advance(SECOND);
            for (FakeSocket socket : sockets) {
                socket.feed(again.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return sockets;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET / HTTP/1.1\r\nX: ", "\r\n"})
    void aHeadThatTricklesIsNotWaitedFor(String first) {
        try (var wire = Wire.echo()) {
            attack(wire, CLIENTS, first, "a", 15);
            wire.advance(Duration.ofSeconds(80)); // the client of the wire itself is idle
            assertThat(wire.http.connections()).isZero();
        }
    }

    @Test
    void aBodyThatTricklesIsNotWaitedFor() {
        try (var wire = Wire.echo()) {
            List<FakeSocket> sockets = attack(wire, CLIENTS, HEAD + "Content-Length: 1000000\r\n\r\n", "a", 35);
            assertThat(sockets).allSatisfy(socket -> assertThat(new String(socket.sent()))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("limit bodyRate")
                    .contains("Connection: close"));
            wire.advance(Duration.ofSeconds(80));
            assertThat(wire.http.connections()).isZero();
        }
    }

    @Test
    void chunksThatTrickleAreNotWaitedFor() {
        try (var wire = Wire.echo()) {
            attack(wire, CLIENTS, HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", 35);
            wire.advance(Duration.ofSeconds(80));
            assertThat(wire.http.connections()).isZero();
        }
    }

    @Test
    void anExtensionThatNeverEndsIsNotWaitedFor() {
        try (var wire = Wire.echo()) {
            attack(wire, CLIENTS, HEAD + "Transfer-Encoding: chunked\r\n\r\n1;", "a", 70);
            wire.advance(Duration.ofSeconds(80));
            assertThat(wire.http.connections()).isZero();
        }
    }

    @Test
    void aBodyAtAFairPaceMayTakeItsTime() {
        try (var wire = Wire.echo()) {
            List<FakeSocket> sockets =
                    attack(wire, 3, HEAD + "Content-Length: 36000\r\n\r\n", "0123456789".repeat(30), 120);
            assertThat(sockets).allSatisfy(socket -> assertThat(new String(socket.sent())).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void aBodyThatTheServerTakesSlowlyIsNotTheClientsFault() {
        try (var wire = new Wire(
                Limits.standard(), Timeouts.standard().withResponse(Duration.ofHours(1)), exchange -> {})) {
            wire.send(HEAD + "Content-Length: 9\r\n\r\nabc");
            for (int i = 0; i < 100; i++) {
                wire.advance(SECOND);
            }
            assertThat(wire.received()).isEmpty();
            assertThat(wire.socket.isOpen()).isTrue();
        }
    }

    @Test
    void anAnswerThatIsTakenByteByByteIsNotWaitedFor() {
        try (var wire = new Wire(exchange -> exchange.response().send("x".repeat(10_000)))) {
            List<FakeSocket> sockets = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                FakeSocket socket = wire.connect();
                socket.readSlowly();
                sockets.add(socket);
                wire.send(Wire.get("/"));
            }
            for (int second = 0; second < 35; second++) {
                wire.advance(SECOND);
                sockets.stream().filter(FakeSocket::isOpen).forEach(socket -> socket.readSome(1));
            }
            assertThat(sockets).allSatisfy(socket -> assertThat(socket.isAborted()).isTrue());
        }
    }

    @Test
    void anAnswerThatIsTakenAtAFairPaceMayTakeItsTime() {
        Timeouts timeouts = Timeouts.standard().withIdle(Duration.ofHours(1)); // of what comes
        try (var wire = new Wire(
                Limits.standard(), timeouts, exchange -> exchange.response().send("x".repeat(100_000)))) {
            wire.socket.readSlowly();
            wire.send(Wire.get("/"));
            for (int second = 0; second < 120; second++) {
                wire.advance(SECOND);
                wire.socket.readSome(300);
            }
            assertThat(wire.socket.isOpen()).isTrue();
            for (int second = 0; second < 65; second++) {
                wire.advance(SECOND);
                wire.socket.readSome(100);
            }
            assertThat(wire.socket.isAborted()).isTrue();
        }
    }

    @Test
    void aClientThatTakesNothingIsNotWaitedFor() {
        try (var wire = new Wire(exchange -> exchange.response().send("x".repeat(100_000)))) {
            wire.socket.readSlowly();
            wire.send(Wire.get("/"));
            for (int i = 0; i < 35; i++) {
                wire.advance(SECOND);
            }
            assertThat(wire.socket.isAborted()).isTrue();
        }
    }
}
