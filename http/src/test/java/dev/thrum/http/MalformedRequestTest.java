package dev.thrum.http;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Request lines that are none by the letter, shown as [Refusal] tells.
class MalformedRequestTest {

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
        Refusal.of(shown, status);
    }
}
