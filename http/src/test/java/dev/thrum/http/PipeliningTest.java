package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipeliningTest {
    private final List<Exchange> waiting = new ArrayList<>();

    private Wire wire() {
        return wire(Limits.standard());
    }

    /// A service that answers when the test says so.
    private Wire wire(Limits limits) {
        return new Wire(limits, Timeouts.standard(), waiting::add);
    }

    private static String paths(List<Exchange> exchanges) {
        return String.join(
                " ", exchanges.stream().map(each -> each.request().path()).toList());
    }

    private static void answer(Wire wire, Exchange exchange) {
        wire.later(() -> exchange.response().send(exchange.request().path()));
    }

    private static String bodies(String received) {
        return received.replaceAll("(?s)HTTP/1.1.*?\r\n\r\n", " ").strip();
    }

    @Test
    void answersAreSentInOrder() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2") + Wire.get("/3"));
            assertThat(paths(waiting)).isEqualTo("/1 /2 /3");
            answer(wire, waiting.get(2));
            answer(wire, waiting.get(1));
            assertThat(wire.received()).isEmpty();
            answer(wire, waiting.get(0));
            assertThat(bodies(wire.received())).isEqualTo("/1 /2 /3");
        }
    }

    @Test
    void headersAreStillThereWhenTheAnswerComesLate() {
        try (var wire = wire()) {
            wire.send("GET /1 HTTP/1.1\r\nHost: here\r\nX: one\r\n\r\nGET /2 HTTP/1.1\r\nHost: there\r\nX: two\r\n\r\n");
            assertThat(waiting.get(0).request().header("x")).contains("one");
            assertThat(waiting.get(0).request().host()).isEqualTo("here");
            assertThat(waiting.get(1).request().header("x")).contains("two");
        }
    }

    @Test
    void answersAtOnceLeaveInOneTurn() {
        try (var wire = new Wire(exchange -> exchange.response().send("x"))) {
            wire.send(Wire.get("/1") + Wire.get("/2") + Wire.get("/3"));
            assertThat(bodies(wire.received())).isEqualTo("x x x");
            assertThat(wire.socket.commits()).isEqualTo(3);
        }
    }

    @Test
    void anUnsafeRequestWaitsForAllBeforeIt() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.post("") + Wire.get("/3"));
            assertThat(paths(waiting)).isEqualTo("/1");
            assertThat(wire.socket.isPaused()).isTrue();
            answer(wire, waiting.get(0));
            assertThat(paths(waiting)).isEqualTo("/1 /");
            answer(wire, waiting.get(1));
            assertThat(paths(waiting)).isEqualTo("/1 / /3");
        }
    }

    @Test
    void nothingIsReadWhileTheClientDoesNotTakeItsAnswers() {
        List<String> asked = new ArrayList<>();
        try (var wire = new Wire(exchange -> {
            asked.add(exchange.request().path());
            exchange.response().send(new byte[50_000]);
        })) {
            wire.socket.readSlowly();
            wire.send(Wire.get("/1") + Wire.get("/2") + Wire.get("/3") + Wire.get("/4"));
            assertThat(asked).containsExactly("/1", "/2");
            assertThat(wire.socket.isPaused()).isTrue();

            wire.socket.readAll();
            assertThat(asked).containsExactly("/1", "/2", "/3", "/4");
        }
    }

    @Test
    void beyondTheLimitTheSocketIsNotRead() {
        try (var wire = wire(Limits.standard().withPipelined(2))) {
            wire.send(Wire.get("/1") + Wire.get("/2") + Wire.get("/3"));
            assertThat(paths(waiting)).isEqualTo("/1 /2");
            assertThat(wire.socket.isPaused()).isTrue();
            answer(wire, waiting.get(1));
            assertThat(paths(waiting)).isEqualTo("/1 /2");
            answer(wire, waiting.get(0));
            assertThat(paths(waiting)).isEqualTo("/1 /2 /3");
        }
    }

    @Test
    void aStreamThatStartsBeforeItsTurnWaits() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2"));
            List<String> went = new ArrayList<>();
            wire.later(() -> {
                BodyWriter writer = waiting.get(1).response().start();
                writer.write(ByteBuffer.wrap("a".getBytes(StandardCharsets.US_ASCII))).tap(next -> {
                    went.add("b");
                    next.write("b");
                    next.finish();
                });
            });
            assertThat(went).isEmpty();
            assertThat(wire.received()).isEmpty();
            answer(wire, waiting.get(0));
            assertThat(went).containsExactly("b");
            assertThat(wire.received()).endsWith("\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
        }
    }

    @Test
    void whatFollowsARequestToCloseIsDropped() {
        try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().path()))) {
            wire.send(Wire.get("/1") + "GET /2 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n" + Wire.get("/3"));
            assertThat(bodies(wire.received())).isEqualTo("/1 /2");
            assertThat(wire.received()).contains("Connection: close\r\n");
            assertThat(wire.socket.isOutputEnded()).isTrue();
        }
    }

    @Test
    void anErrorIsAnsweredAfterThoseThatCameBefore() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + "BROKEN\r\n\r\n");
            assertThat(wire.received()).isEmpty();
            answer(wire, waiting.get(0));
            assertThat(wire.received()).contains("200 OK").contains("400 Bad Request");
            assertThat(wire.received().indexOf("200 OK")).isLessThan(wire.received().indexOf("400 Bad Request"));
        }
    }

    @Test
    void aFailureInOneLeavesTheOthersAlone() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2") + Wire.get("/3"));
            wire.later(() -> waiting.get(1).fail(new HttpException(404, "gone")));
            answer(wire, waiting.get(2));
            answer(wire, waiting.get(0));
            assertThat(bodies(wire.received())).startsWith("/1 {").contains("gone").endsWith("/3");
        }
    }

    @Test
    void theClientThatGoesAwayCancelsAll() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2"));
            wire.socket.reset();
            assertThat(waiting).allMatch(Exchange::isAborted).allMatch(each -> each.scope().cancelled());
            wire.later(() -> waiting.get(0).response().send("to nobody"));
            assertThat(wire.received()).isEmpty();
            assertThat(wire.reported).isEmpty();
        }
    }
}
