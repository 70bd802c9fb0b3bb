package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is a request by the letter is understood. In the table `|` is CR LF; `H;` stands for a good Host field.
class AcceptedRequestTest {

    @Tag("S4")
    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '`',
            textBlock =
                    """
                    GET / HTTP/1.1|H;|	GET / - here 1.1
                    GET / HTTP/1.0||	GET / -  1.0
                    GET / HTTP/1.0|H;|	GET / - here 1.0
                    |GET / HTTP/1.1|H;|	GET / - here 1.1
                    OPTIONS * HTTP/1.1|H;|	OPTIONS * - here 1.1
                    WHAT-EVER / HTTP/1.1|H;|	WHAT-EVER / - here 1.1
                    get / HTTP/1.1|H;|	get / - here 1.1
                    GET /a/b?c=d&e=%zz{}|x HTTP/1.1|H;|	400
                    GET /a?b?c HTTP/1.1|H;|	GET /a b?c here 1.1
                    GET /a? HTTP/1.1|H;|	GET /a  here 1.1
                    GET /?a HTTP/1.1|H;|	GET / a here 1.1
                    GET /a+b HTTP/1.1|H;|	GET /a+b - here 1.1
                    GET /a%2Bb HTTP/1.1|H;|	GET /a+b - here 1.1
                    GET /%25%32%35 HTTP/1.1|H;|	GET /%25 - here 1.1
                    GET /%c3%a9 HTTP/1.1|H;|	GET /Ã© - here 1.1
                    GET /a/./b HTTP/1.1|H;|	GET /a/b - here 1.1
                    GET /a/../b HTTP/1.1|H;|	GET /b - here 1.1
                    GET /a/%2e%2E/b HTTP/1.1|H;|	GET /b - here 1.1
                    GET /a/.. HTTP/1.1|H;|	GET / - here 1.1
                    GET /a/b/.. HTTP/1.1|H;|	GET /a/ - here 1.1
                    GET /a/b/. HTTP/1.1|H;|	GET /a/b/ - here 1.1
                    GET /a//b/// HTTP/1.1|H;|	GET /a/b/ - here 1.1
                    GET // HTTP/1.1|H;|	GET / - here 1.1
                    GET /a/..;/b HTTP/1.1|H;|	GET /a/..;/b - here 1.1
                    GET /.well-known/x HTTP/1.1|H;|	GET /.well-known/x - here 1.1
                    GET /... HTTP/1.1|H;|	GET /... - here 1.1
                    GET http://here/a?b HTTP/1.1|H;|	GET /a b here 1.1
                    GET HTTP://HERE HTTP/1.1|H;|	GET / - here 1.1
                    GET http://here?b HTTP/1.1|H;|	GET / b here 1.1
                    GET https://[::1]:8443/ HTTP/1.1|Host: [::1]:8443||	GET / - [::1]:8443 1.1
                    GET / HTTP/1.1|Host: 127.0.0.1:8000||	GET / - 127.0.0.1:8000 1.1
                    GET / HTTP/1.1|Host: Ex_ample.COM.||	GET / - ex_ample.com. 1.1
                    """)
    void understands(String shown, String firstLine) {
        try (var wire = Wire.echo()) {
            wire.send(shown.replace("H;", "Host: here\r\n").replace("|", "\r\n"));
            String expected = firstLine.equals("400") ? "{" : firstLine;
            assertThat(wire.body()).as(wire.received()).startsWith(expected);
        }
    }
}
