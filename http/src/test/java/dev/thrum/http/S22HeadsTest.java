package dev.thrum.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Heads of the longest kind that is allowed, made to cost time: reading one takes time that grows with its length, and no
/// faster. The bounds are for a busy machine; if anything looked at its bytes again for each of them, they would not do.
@Tag("S22")
class S22HeadsTest {
    private static final int SIZE = 29_000;
    private static final int HEADS = 300;
    private static final Duration BOUND = Duration.ofSeconds(30); // 300 times the square of 29,000 takes minutes
    private static final Limits LIMITS = Limits.standard().withHeaders(30_000, 1_000).withRequestLine(30_000);

    private static void manyTimes(String head, int status) {
        Assertions.assertTimeout(BOUND, () -> {
            for (int i = 0; i < HEADS; i++) {
                try (var wire = new Wire(LIMITS, Timeouts.standard(), S22HeadsTest::readAll)) {
                    wire.send(head);
                    assertThat(wire.status()).isEqualTo(status);
                }
            }
        });
    }

    /// Reads what a head can be asked for.
    private static void readAll(Exchange exchange) {
        exchange.request().headers().forEach((name, value) -> assertThat(name).isNotEmpty());
        assertThat(exchange.request().headers().all("X-None")).isEmpty();
        exchange.request().query();
        exchange.response().send(exchange.request().text());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            Connection: , `,`, 200
            Connection: , `, ;`, 200
            Connection: , `close,`, 200
            Transfer-Encoding: , `,`, 400
            Transfer-Encoding: , ` ,chunked`, 400
            Expect: , `100-continue,`, 417
            Content-Length: , 0, 400
            X: , ` `, 200
            X: , a, 200
            Content-Type: , `text/plain;charset=`, 415
            Content-Type: , `text/plain;"`, 200
            Content-Type: , ` ;`, 200
            """)
    void aFieldOfTheLongestKindCostsNoMoreThanItsLength(String name, String value, int status) {
        manyTimes("GET / HTTP/1.1\r\nHost: here\r\n" + name + value.repeat(SIZE / value.length()) + "\r\n\r\n", status);
    }

    @ParameterizedTest
    @CsvSource({"a/, 200", "a/../, 200", "./, 200", "/, 200", "%2e/, 200", "%61, 200", "%c3%a9/, 200", "%, 400", "a?b&, 200"})
    void aTargetOfTheLongestKindCostsNoMoreThanItsLength(String part, int status) {
        manyTimes("GET /" + part.repeat(SIZE / part.length()) + " HTTP/1.1\r\nHost: here\r\n\r\n", status);
    }

    @Test
    void manyFieldsOfOneNameCostNoMoreThanTheirNumber() {
        manyTimes("GET / HTTP/1.1\r\nHost: here\r\n" + "X: y\r\n".repeat(998) + "\r\n", 200);
    }

    @Test
    void aHeadThatComesByteByByteIsLookedAtOnce() {
        byte[] head = ("GET / HTTP/1.1\r\nX: " + "y".repeat(SIZE) + "\r\n\r\n").getBytes(US_ASCII);
        Assertions.assertTimeout(BOUND, () -> {
            for (int i = 0; i < HEADS; i++) {
                var finder = new HeadFinder();
                ByteBuffer arrived = ByteBuffer.wrap(head).limit(0);
                while (finder.find(arrived.limit(arrived.limit() + 1), LIMITS) == 0) {}
                assertThat(arrived.hasRemaining() && arrived.limit() == head.length).isTrue();
            }
        });
    }
}
