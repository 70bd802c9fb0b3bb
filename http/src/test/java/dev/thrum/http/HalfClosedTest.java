package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients that have ended their half of the connection: those that listen, and those that have gone.
@Tag("H-53")
class HalfClosedTest {
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private final List<Exchange> waiting = new ArrayList<>();

    private Wire wire() {
        return new Wire(waiting::add);
    }

    private static String bodies(String received) {
        return received.replaceAll("(?s)HTTP/1.1 [1-5].*?\r\n\r\n", " ").strip();
    }

    private void answer(Wire wire, int index) {
        wire.later(() -> waiting.get(index).response().send(waiting.get(index).request().path()));
    }

    @Test
    void whoListensGetsAllAnswersAndThenTheEnd() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2") + Wire.get("/3"));
            wire.socket.endInput();
            answer(wire, 1);
            answer(wire, 0);
            assertThat(bodies(wire.received())).isEqualTo("/1 /2");
            assertThat(wire.socket.isOpen()).isTrue();

            answer(wire, 2);
            assertThat(bodies(wire.received())).isEqualTo("/1 /2 /3");
            assertThat(wire.received()).containsOnlyOnce("Connection: close");
            assertThat(wire.socket.isOpen()).isFalse();
            assertThat(waiting).noneMatch(Exchange::isAborted).noneMatch(each -> each.scope().cancelled());
        }
    }

    @Test
    void whatTheSocketKeptIsAnsweredToo() {
        try (var wire = new Wire(Limits.standard().withPipelined(1), Timeouts.standard(), waiting::add)) {
            wire.send(Wire.get("/1") + Wire.get("/2"));
            wire.socket.endInput();
            answer(wire, 0);
            answer(wire, 1);
            assertThat(bodies(wire.received())).isEqualTo("/1 /2");
            assertThat(wire.socket.isOpen()).isFalse();
        }
    }

    @Test
    void aStreamThatHasBegunGoesOnToItsEnd() {
        List<BodyWriter> writers = new ArrayList<>();
        try (var wire = new Wire(exchange -> writers.add(exchange.response().start()))) {
            wire.send(Wire.get("/"));
            wire.socket.endInput();
            wire.advance(Duration.ofSeconds(1));
            wire.later(() -> writers.getFirst().write("a"));
            wire.later(() -> writers.getFirst().finish());
            assertThat(wire.received()).doesNotContain(CONTINUE).endsWith("1\r\na\r\n0\r\n\r\n");
            assertThat(wire.socket.isOpen()).isFalse();
        }
    }

    @Test
    void whoWaitsIsAskedWhetherItIsThereMoreAndMoreRarely() {
        try (var wire = wire()) {
            wire.send(Wire.get("/"));
            wire.socket.endInput();
            assertThat(wire.answer()).isEmpty();
            wire.advance(Duration.ofMillis(20));
            assertThat(wire.answer()).isEqualTo(CONTINUE);
            wire.advance(Duration.ofMillis(39));
            assertThat(wire.answer()).isEmpty();
            wire.advance(Duration.ofMillis(1));
            assertThat(wire.answer()).isEqualTo(CONTINUE);

            answer(wire, 0);
            wire.advance(Duration.ofSeconds(1));
            assertThat(wire.answer()).doesNotContain(CONTINUE).endsWith("/");
        }
    }

    @Test
    void whoHasGoneRefusesTheQuestionAndItsRequestsAreCancelled() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2"));
            wire.socket.endInput();
            wire.advance(Duration.ofMillis(20));
            assertThat(waiting).noneMatch(each -> each.scope().cancelled());

            wire.socket.reset();
            assertThat(waiting).allMatch(Exchange::isAborted).allMatch(each -> each.scope().cancelled());
            assertThat(wire.loop.pending()).isZero();
        }
    }

    @Test
    void aClientOfHttp10IsNotAskedForItKnowsNoSuchAnswer() {
        try (var wire = wire()) {
            wire.send("GET / HTTP/1.0\r\n\r\n");
            wire.socket.endInput();
            wire.advance(Duration.ofSeconds(1));
            assertThat(wire.answer()).isEmpty();

            answer(wire, 0);
            assertThat(wire.answer()).endsWith("/");
            assertThat(wire.socket.isOpen()).isFalse();
        }
    }

    @Test
    void aRequestWithoutItsWholeBodyIsCancelledAndThoseBeforeItAreAnswered() {
        try (var wire = new Wire(exchange -> {
            waiting.add(exchange);
            var _ = exchange.request().bytes().recover(IOException.class, gone -> new byte[0]);
        })) {
            wire.send(Wire.get("/1") + "GET /2 HTTP/1.1\r\n" + Wire.HOST + "Content-Length: 5\r\n\r\nabc");
            wire.socket.endInput();
            assertThat(waiting.get(1).isAborted()).isTrue();
            assertThat(waiting.get(1).scope().cancelled()).isTrue();

            answer(wire, 0);
            assertThat(bodies(wire.received())).isEqualTo("/1");
            assertThat(wire.socket.isOpen()).isFalse();
            assertThat(wire.reported).isEmpty();
        }
    }

    @Test
    void aStreamOfWhichNothingComesIsGivenUpAfterTheTimeForAnAnswer() {
        try (var wire = new Wire(exchange -> {
            waiting.add(exchange);
            exchange.response().start();
        })) {
            Duration patience = Timeouts.standard().response();
            wire.send(Wire.get("/"));
            wire.socket.endInput();
            wire.advance(patience.minusSeconds(1));
            assertThat(waiting.getFirst().isAborted()).isFalse();
            wire.advance(Duration.ofSeconds(15));
            assertThat(waiting.getFirst().isAborted()).isTrue();
            assertThat(waiting.getFirst().scope().reason().orElseThrow()).hasMessageContaining("ended its half");
        }
    }
}
