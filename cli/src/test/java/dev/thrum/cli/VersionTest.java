package dev.thrum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void anEarlierUpdateOfTheJdkGetsAnAdvice() {
        assertThat(Version.advice(Runtime.Version.parse("25.0.3+9"))).startsWith("note   JDK 25.0.4 or newer");
    }

    @Test
    void theRecommendedJdkGetsNone() {
        assertThat(Version.advice(Runtime.Version.parse("25.0.4+7-LTS"))).isEmpty();
        assertThat(Version.advice(Runtime.Version.parse("26-ea"))).isEmpty();
    }
}
