package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The host that a request means: one, a name or an address, the same in the target and in the field. The tables are
/// explained by [Refusal]; hosts that are understood stand in `AcceptedRequestTest`.
@Tag("S4")
class S4HostTest {

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
    void whatIsNotOneHostIsRefused(String shown, int status) {
        Refusal.of(shown, status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "HERE", "here:8000", "127.0.0.1", "[::1]:8443", "a-b.c_d.example."})
    void theHostOfTheTargetIsThatOfTheField(String host) {
        try (var wire = Wire.echo()) {
            wire.send("GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(wire.body()).startsWith("GET / - " + host.toLowerCase(java.util.Locale.ROOT) + " 1.1\n");
        }
    }

    @Test
    void aTargetThatDiffersFromTheFieldIsRefused() {
        List<String> hosts = List.of("here", "here:80", "there", "here.example", "127.0.0.1", "[::1]", "[::1]:80");
        for (String target : hosts) {
            for (String field : hosts) {
                if (!target.equals(field)) {
                    Refusal.of("GET http://" + target + "/ HTTP/1.1|Host: " + field + "||", 400);
                }
            }
        }
    }
}
