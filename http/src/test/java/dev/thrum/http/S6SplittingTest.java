package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever takes a name, a value or a location refuses what could end a line, and begin another answer.
@Tag("S6")
class S6SplittingTest {

    private static String answer(Consumer<Response> service) {
        try (var wire = new Wire(exchange -> service.accept(exchange.response()))) {
            wire.send(Wire.get("/"));
            assertThat(wire.reported).isEmpty();
            return wire.received();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "a\0b", "a\u0001b", "a\u007fb", "\u010d\u010a", "a\u0100"})
    void aValueStaysOnItsLine(String value) {
        answer(response -> {
            assertThatThrownBy(() -> response.header("X", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("X: \"");
            assertThatThrownBy(() -> response.addHeader("X", value)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new HttpException(400, "").withHeader("X", value))
                    .isInstanceOf(IllegalArgumentException.class);
            response.send("x");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\n", "a\0", "\u00e9", "a/b", "\u010d"})
    void aNameIsAToken(String name) {
        answer(response -> {
            assertThatThrownBy(() -> response.header(name, "x")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> response.addHeader(name, "x")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new HttpException(400, "").withHeader(name, "x"))
                    .isInstanceOf(IllegalArgumentException.class);
            response.send("x");
        });
    }

    @Test
    void framingIsTheConnectionsBusiness() {
        answer(response -> {
            assertThatThrownBy(() -> response.header("transfer-encoding", "chunked"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> response.header("Connection", "keep-alive"))
                    .isInstanceOf(IllegalArgumentException.class);
            response.send("x");
        });
    }

    @Test
    void problemsAreQuoted() {
        assertThat(answer(response -> {
                    throw new HttpException(400, "\"<script>\r\n\\\u0000");
                }))
                .contains("\"detail\":\"\\\"\\u003cscript\\u003e\\u000d\\u000a\\\\\\u0000\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\r\nSet-Cookie: b=c", "/a\nb", "/a\rb", "/a\0b", "/a b", "/\u00e9", "/a\u010d\u010ab"})
    void aLocationIsOneUri(String location) {
        answer(response -> {
            assertThatThrownBy(() -> response.redirect(303, location))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a location has visible ASCII characters only: ");
            response.send("x");
        });
    }

    @Test
    void aRedirectionTellsTheLocation() {
        assertThat(answer(response -> response.redirect(303, "/photos/7?x=%0d%0a")))
                .startsWith("HTTP/1.1 303 See Other\r\n")
                .contains("Location: /photos/7?x=%0d%0a\r\n")
                .contains("Content-Length: 0\r\n");
    }
}
