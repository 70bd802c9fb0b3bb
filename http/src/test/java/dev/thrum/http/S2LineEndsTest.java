package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lines end with CR LF and nothing else, and nothing stands before a request but one empty line.
@Tag("S2")
class S2LineEndsTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: here\r\nX: y\r\n\r\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    GET / HTTP/1.1_Host: here__	400
                    GET / HTTP/1.1|Host: here__	400
                    GET / HTTP/1.1|Host: here_|	400
                    GET / HTTP/1.1^Host: here||	400
                    GET / HTTP/1.1^^_H;|	400
                    GET / HTTP/1.1|H;X: a^b||	400
                    GET / HTTP/1.1|H;X: a_b||	400
                    GET / HTTP/1.1|H;X: a~b||	400
                    GET / HTTP/1.1|H;X: a\u0001b||	400
                    GET / HTTP/1.1|H;X: a\u007fb||	400
                    GET /~ HTTP/1.1|H;|	400
                    GET / HTTP/1.1| Host: here||	400
                    GET / HTTP/1.1|H; X: folded||	400
                    GET / HTTP/1.1|H;¬X: folded||	400
                    ||GET / HTTP/1.1|H;|	400
                    _GET / HTTP/1.1|H;|	400
                    ^GET / HTTP/1.1|H;|	400
                    ~GET / HTTP/1.1|H;|	400
                    \u0001GET / HTTP/1.1|H;|	400
                    \u0016\u0003\u0001 hello|	400
                    """)
    void whatIsNoLineOfARequestIsRefused(String shown, int status) {
        Refusal.of(shown, status);
        Refusal.byteByByte(shown, status);
    }

    @Test
    void aControlCharacterIsRefusedWhereverItStands() {
        for (int at = 0; at <= REQUEST.length(); at++) {
            for (char control = 0; control < ' '; control++) {
                if (control != '\r' && control != '\n' && control != '\t') {
                    assertThat(status(REQUEST.substring(0, at) + control + REQUEST.substring(at)))
                            .as("%d at %d", (int) control, at)
                            .isEqualTo(400);
                }
            }
        }
    }

    @Test
    void aLineBreakThatMissesAHalfIsRefusedWhereverItStands() {
        for (int at = REQUEST.indexOf('\r'); at >= 0; at = REQUEST.indexOf('\r', at + 1)) {
            assertThat(status(REQUEST.substring(0, at) + REQUEST.substring(at + 1))).isEqualTo(400);
            assertThat(status(REQUEST.substring(0, at + 1) + REQUEST.substring(at + 2) + "GET"))
                    .isEqualTo(400);
        }
    }

    /// {@return the status of the last answer: the control character may stand behind a whole request}
    private static int status(String bytes) {
        try (var wire = Wire.echo()) {
            wire.send(bytes);
            String all = wire.received();
            int last = all.lastIndexOf("HTTP/1.1 ");
            return Integer.parseInt(all.substring(last + 9, last + 12));
        }
    }
}
