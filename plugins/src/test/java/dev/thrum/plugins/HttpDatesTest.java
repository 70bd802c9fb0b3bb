package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Dates of header fields.
class HttpDatesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void areReadInAllThreeForms(String date) {
        assertThat(HttpDates.parse(date)).hasValue(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @Test
    void areWrittenInTheFirst() {
        assertThat(HttpDates.format(Instant.parse("1994-11-06T08:49:37Z"))).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "06 Nov 1994", "784111777"})
    void areNothingElse(String text) {
        assertThat(HttpDates.parse(text)).isEmpty();
    }
}
