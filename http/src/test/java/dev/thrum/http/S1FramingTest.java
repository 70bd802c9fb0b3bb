package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every pair of fields that say how long a body is, in every version: what could be read in two ways is refused, and the
/// bytes behind it are never taken for a request. Single cases follow, in a table that [Refusal] explains.
@Tag("S1")
class S1FramingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n";
    private static final List<String> VERSIONS = List.of("HTTP/1.0", "HTTP/1.1");
    private static final List<String> LENGTHS = List.of(
            "Content-Length: 5",
            "content-length:5",
            "Content-Length: 0",
            "Content-Length: 5, 5",
            "Content-Length: 5,6",
            "Content-Length: +5",
            "Content-Length: -1",
            "Content-Length: 5;",
            "Content-Length: 0x5",
            "Content-Length: 5 ",
            "Content-Length: ٥",
            "Content-Length: 99999999999999999999",
            "Content-Length : 5",
            "Content-Length\t: 5",
            "Content_Length: 5",
            "Transfer-Encoding: chunked",
            "transfer-encoding:CHUNKED",
            "Transfer-Encoding: chunked ",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked;x",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding:\u000bchunked",
            "Transfer-Encoding: gzip",
            "Transfer_Encoding: chunked");

    private static boolean isPlain(String field) {
        return field.startsWith("Content_") || field.startsWith("Transfer_");
    }

    /// What the letter of RFC 9112 says of a request with these two fields, as far as a strict reader goes.
    private static boolean isUnderstood(String version, String one, String other) {
        List<String> framing =
                List.of(one, other).stream().filter(field -> !isPlain(field)).toList();
        boolean coded = framing.stream().allMatch(field -> field.toLowerCase().matches("transfer-encoding: ?chunked ?"));
        boolean counted = framing.stream().allMatch(field -> field.toLowerCase().matches("content-length: ?[05] ?"));
        boolean delimited = framing.size() == 1 && (counted || (coded && version.equals("HTTP/1.1")));
        boolean none = framing.isEmpty() && version.equals("HTTP/1.1");
        return delimited || none;
    }

    @Test
    void everyPairOfFieldsIsUnderstoodInOneWayOrRefused() {
        for (String version : VERSIONS) {
            for (String one : LENGTHS) {
                for (String other : LENGTHS) {
                    check(version, one, other);
                }
            }
        }
    }

    private static void check(String version, String one, String other) {
        try (var wire = Wire.echo()) {
            String request = "POST / " + version + "\r\nHost: here\r\n" + one + "\r\n" + other + "\r\n\r\n";
            wire.send(request + "0\r\n\r\n" + SMUGGLED);
            String received = wire.received();
            if (!isUnderstood(version, one, other)) {
                assertThat(wire.status()).as(request + received).isIn(400, 411, 501);
                assertThat(received).as(request).doesNotContain("/smuggled").contains("Connection: close");
                assertThat(wire.socket.isOutputEnded()).as(request).isTrue();
            } else {
                assertThat(wire.status()).as(request + received).isEqualTo(200);
            }
        }
    }

    @Test
    void aFieldThatIsFoldedIsRefused() {
        for (String space : List.of(" ", "\t", "  ")) {
            try (var wire = Wire.echo()) {
                wire.send("POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding:\r\n" + space + "chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
                assertThat(wire.status()).isEqualTo(400);
                assertThat(wire.received()).doesNotContain("/smuggled");
            }
        }
    }

    @Test
    void aBodyWithoutALengthIsRefusedInHttp10() {
        for (String method : List.of("POST", "PUT")) {
            try (var wire = Wire.echo()) {
                wire.send(method + " / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + SMUGGLED);
                assertThat(wire.status()).isEqualTo(411);
                assertThat(wire.received()).contains("Connection: close").doesNotContain("/smuggled");
            }
        }
    }

    @Test
    void theLastChunkHasToEndWithAnEmptyLine() {
        try (var wire = Wire.echo()) {
            wire.send("POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n");
            assertThat(wire.received()).isEmpty();
            wire.send("\r\n");
            assertThat(wire.status()).isEqualTo(200);
        }
    }

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
    void whatCouldBeReadInTwoWaysIsRefused(String shown, int status) {
        Refusal.of(shown, status);
        Refusal.byteByByte(shown, status);
    }
}
