package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Interim answers that say what the final one will need (RFC 8297).
@Tag("H-28")
class EarlyHintsTest {
    private static final String STYLE = "</style.css>; rel=preload; as=style";
    private final List<Exchange> exchanges = new ArrayList<>();

    private Wire wire() {
        return new Wire(exchange -> {
            exchanges.add(exchange);
            exchange.response().hint(STYLE, "</script.js>; rel=preload");
        });
    }

    @Test
    void hintsGoOutBeforeTheAnswer() {
        try (var wire = wire()) {
            assertThat(wire.send(Wire.get("/")).received())
                    .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: " + STYLE + "\r\nLink: </script.js>; rel=preload\r\n\r\n");
            wire.later(() -> exchanges.getFirst().response().hint("</more>").header("Link", STYLE).send("done"));
            assertThat(wire.received())
                    .containsSubsequence("103", "Link: </more>\r\n\r\nHTTP/1.1 200 OK\r\n", "Link: " + STYLE + "\r\n", "\r\n\r\ndone");
        }
    }

    @Test
    void hintsWaitForTheirTurn() {
        try (var wire = wire()) {
            wire.send(Wire.get("/1") + Wire.get("/2"));
            assertThat(wire.received()).containsOnlyOnce("103");
            wire.later(() -> exchanges.get(1).response().send("second"));
            wire.later(() -> exchanges.getFirst().response().send("first"));
            assertThat(wire.received()).containsSubsequence("103", "200", "first", "103", "200", "second");
        }
    }

    @Test
    void aClientOfHttp10IsToldNothing() {
        try (var wire = wire()) {
            wire.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(wire.received()).isEmpty();
        }
    }

    @Test
    void afterTheAnswerItIsTooLate() {
        try (var wire = new Wire(exchange -> {
            exchange.response().send("done");
            assertThatThrownBy(() -> exchange.response().hint(STYLE)).isInstanceOf(IllegalStateException.class);
        })) {
            assertThat(wire.send(Wire.get("/")).received()).doesNotContain("103");
        }
    }

    @Test
    @Tag("S6")
    void aHintStaysOnItsLine() {
        try (var wire = new Wire(exchange -> {
            assertThatThrownBy(() -> exchange.response().hint(STYLE, "a\r\nSet-Cookie: b"))
                    .isInstanceOf(IllegalArgumentException.class);
            exchange.response().send("done");
        })) {
            assertThat(wire.send(Wire.get("/")).received()).doesNotContain("103", "Cookie");
        }
    }
}
