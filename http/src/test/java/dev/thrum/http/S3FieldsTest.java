package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every byte at every place of a field: names are tokens, values have no control character but tab.
@Tag("S3")
class S3FieldsTest {
    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static int status(String field) {
        try (var wire = Wire.echo()) {
            wire.send("GET / HTTP/1.1\r\nHost: here\r\n" + field + "\r\n\r\n");
            return wire.status();
        }
    }

    @Test
    void aNameIsAToken() {
        for (char b = 0; b < 256; b++) {
            int expected = TOKEN.indexOf(b) >= 0 ? 200 : 400;
            assertThat(status(b + "x: y")).as("first byte %d", (int) b).isEqualTo(b == ':' ? 400 : expected);
            assertThat(status("x" + b + "z: y")).as("byte %d", (int) b).isEqualTo(b == ':' ? 200 : expected);
            assertThat(status("x" + b + ": y")).as("last byte %d", (int) b).isEqualTo(b == ':' ? 200 : expected);
        }
    }

    @Test
    void aValueHasNoControlCharacterButTab() {
        for (char b = 0; b < 256; b++) {
            int expected = (b < ' ' && b != '\t') || b == 0x7f ? 400 : 200;
            assertThat(status("x:" + b + "y")).as("first byte %d", (int) b).isEqualTo(expected);
            assertThat(status("x: y" + b + "z")).as("byte %d", (int) b).isEqualTo(expected);
            assertThat(status("x: yyyyyyyyyyyyyyy" + b)).as("last byte %d", (int) b).isEqualTo(expected);
        }
    }

    @Test
    void aMethodIsAToken() {
        for (char b = 0; b < 256; b++) {
            try (var wire = Wire.echo()) {
                wire.send("G" + b + "T / HTTP/1.1\r\nHost: here\r\n\r\n");
                assertThat(wire.status()).as("byte %d", (int) b).isEqualTo(TOKEN.indexOf(b) >= 0 ? 200 : 400);
            }
        }
    }

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
    void whatIsNoFieldIsRefused(String shown, int status) {
        Refusal.of(shown, status);
    }
}
