package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is not a request by the letter gets its status, and the end of its connection. In the table `|` is CR LF, `^` is
/// a single CR, `_` a single LF, `~` NUL, `¬` a tab; `H;` stands for a good Host field, with its line break.
class MalformedRequestTest {
    private static String bytes(String shown) {
        return shown.replace("H;", "Host: here\r\n")
                .replace("|", "\r\n")
                .replace('^', '\r')
                .replace('¬', '\t')
                .replace('_', '\n')
                .replace('~', '\0');
    }

    private static void refuses(String shown, int status) {
        try (var wire = Wire.echo()) {
            wire.send(bytes(shown));
            assertThat(wire.status()).as(shown + "\n" + wire.received()).isEqualTo(status);
            assertThat(wire.received()).contains("Connection: close\r\n").contains("application/problem+json");
            assertThat(wire.received().split("HTTP/1.1 [0-9]{3} ")).as("one answer").hasSize(2);
            assertThat(wire.socket.isOutputEnded()).isTrue();
            assertThat(wire.reported).isEmpty();
        }
    }

    private static void refusesByteByByte(String shown, int status) {
        try (var wire = Wire.echo()) {
            wire.sendByteByByte(bytes(shown));
            assertThat(wire.status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    GET  / HTTP/1.1|H;|	400
                    GET /  HTTP/1.1|H;|	400
                    GET / HTTP/1.1 |H;|	400
                     GET / HTTP/1.1|H;|	400
                    GET¬/ HTTP/1.1|H;|	400
                    G@T / HTTP/1.1|H;|	400
                    GET /|H;|	400
                    GET|H;|	400
                    / HTTP/1.1|H;|	400
                    GET a HTTP/1.1|H;|	400
                    GET /a#b HTTP/1.1|H;|	400
                    GET /"a HTTP/1.1|H;|	400
                    GET /\\a HTTP/1.1|H;|	400
                    GET /%zz HTTP/1.1|H;|	400
                    GET /%2 HTTP/1.1|H;|	400
                    GET /% HTTP/1.1|H;|	400
                    GET /a%00b HTTP/1.1|H;|	400
                    GET /a%0d%0ab HTTP/1.1|H;|	400
                    GET /a%2fb HTTP/1.1|H;|	400
                    GET /a%5cb HTTP/1.1|H;|	400
                    GET /%ff HTTP/1.1|H;|	400
                    GET /%c0%af HTTP/1.1|H;|	400
                    GET /.. HTTP/1.1|H;|	400
                    GET /a/%2e%2e/.%2e/b HTTP/1.1|H;|	400
                    GET * HTTP/1.1|H;|	400
                    OPTIONS *a HTTP/1.1|H;|	400
                    GET ftp://here/ HTTP/1.1|H;|	400
                    GET / http/1.1|H;|	400
                    GET / HTTP/1.1a|H;|	400
                    GET / HTTP/11|H;|	400
                    GET / HTTP/1.|H;|	400
                    GET / HTTP/1,1|H;|	400
                    GET / HTTP/01.1|H;|	400
                    GET / HTTP/1.2|H;|	505
                    GET / HTTP/0.9|H;|	505
                    GET / HTTP/2.0|H;|	505
                    PRI * HTTP/2.0||SM||	400
                    CONNECT here:443 HTTP/1.1|H;|	501
                    GET / HTTP/1.1|H;Expect: 200-ok||	417
                    GET / HTTP/1.1|H;Expect: 100-continue, x||	417
                    """)
    void requestLine(String shown, int status) {
        refuses(shown, status);
    }

    @Tag("S1")
    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    POST / HTTP/1.1|H;Content-Length: 3|Transfer-Encoding: chunked||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked|Content-Length: 3||0||	400
                    POST / HTTP/1.0|H;Content-Length: 3|Transfer-Encoding: chunked||0||	400
                    POST / HTTP/1.0|H;Transfer-Encoding: chunked||0||	400
                    POST / HTTP/1.1|H;Content-Length: 3|Content-Length: 3||abc	400
                    POST / HTTP/1.1|H;Content-Length: 3|Content-Length: 4||abcd	400
                    POST / HTTP/1.1|H;Content-Length: 3, 3||abc	400
                    POST / HTTP/1.1|H;Content-Length: +5||abcde	400
                    POST / HTTP/1.1|H;Content-Length: -5||abcde	400
                    POST / HTTP/1.1|H;Content-Length: 0x5||abcde	400
                    POST / HTTP/1.1|H;Content-Length: 5 5||abcde	400
                    POST / HTTP/1.1|H;Content-Length: 5a||abcde	400
                    POST / HTTP/1.1|H;Content-Length: 5.0||abcde	400
                    POST / HTTP/1.1|H;Content-Length:||	400
                    POST / HTTP/1.1|H;Content-Length: 1234567890123456789||	400
                    POST / HTTP/1.1|H;Content-Length : 3||abc	400
                    POST / HTTP/1.1|H;Transfer-Encoding : chunked||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: xchunked||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: identity||	400
                    POST / HTTP/1.1|H;Transfer-Encoding:||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: gzip||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked, gzip||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked, chunked||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked|Transfer-Encoding: identity||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked,||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: ,chunked||0||	501
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked;q=1||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: "chunked"||0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: gzip, chunked||0||	501
                    POST / HTTP/1.1|H;Transfer-Encoding: gzip|Transfer-Encoding: chunked||0||	501
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||g|	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked|||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||-1|	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||+1|a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0x1|a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked|| 1|a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1 |a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1_a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1^a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1;a_b|a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1;a="_"|a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1;a~|a|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1|ab|0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1|a_0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1|a^0||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||1000000000000000|	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0000000000000000|	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0|_	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0|a b: c||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0| a: c||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0|a: c~||	400
                    POST / HTTP/1.1|H;Transfer-Encoding: chunked||0|abc||	400
                    """)
    void smuggling(String shown, int status) {
        refuses(shown, status);
        refusesByteByByte(shown, status);
    }

    @Tag("S2")
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
    void lineTerminatorsAndLeadingBytes(String shown, int status) {
        refuses(shown, status);
        refusesByteByByte(shown, status);
    }

    @Tag("S3")
    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    GET / HTTP/1.1|H;X : a||	400
                    GET / HTTP/1.1|H;X¬: a||	400
                    GET / HTTP/1.1|H;: a||	400
                    GET / HTTP/1.1|H;X||	400
                    GET / HTTP/1.1|H;X Y: a||	400
                    GET / HTTP/1.1|H;X(: a||	400
                    GET / HTTP/1.1|H;\u00e9: a||	400
                    """)
    void fieldNames(String shown, int status) {
        refuses(shown, status);
    }

    @Tag("S4")
    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    GET / HTTP/1.1||	400
                    GET / HTTP/1.1|Host:||	400
                    GET / HTTP/1.1|H;H;|	400
                    GET / HTTP/1.0|H;H;|	400
                    GET / HTTP/1.1|Host: user@here||	400
                    GET / HTTP/1.1|Host: here/x||	400
                    GET / HTTP/1.1|Host: a, b||	400
                    GET / HTTP/1.1|Host: a b||	400
                    GET / HTTP/1.1|Host: here:||	400
                    GET / HTTP/1.1|Host: here:80a||	400
                    GET / HTTP/1.1|Host: here:65536||	400
                    GET / HTTP/1.1|Host: here:000080||	400
                    GET / HTTP/1.1|Host: here:80:80||	400
                    GET / HTTP/1.1|Host: :80||	400
                    GET / HTTP/1.1|Host: [::1||	400
                    GET / HTTP/1.1|Host: []||	400
                    GET / HTTP/1.1|Host: [1]||	400
                    GET / HTTP/1.1|Host: [fe80::1%25eth0]||	400
                    GET / HTTP/1.1|Host: [::1]x||	400
                    GET / HTTP/1.1|Host: here%20||	400
                    GET http://there/ HTTP/1.1|H;|	400
                    GET http://user@here/ HTTP/1.1|H;|	400
                    GET http:/// HTTP/1.1|H;|	400
                    GET http:here HTTP/1.1|H;|	400
                    GET http://here HTTP/1.1||	400
                    """)
    void hosts(String shown, int status) {
        refuses(shown, status);
    }
}
