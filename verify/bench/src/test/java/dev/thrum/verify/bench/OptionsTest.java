package dev.thrum.verify.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final Map<String, String> DEFAULTS = Map.of("rounds", "3", "peers", "a,b");

    @Test
    void whatIsNotGivenHasItsDefault() {
        assertThat(Options.parse(List.of(), DEFAULTS).list("peers")).containsExactly("a", "b");
    }

    @Test
    void whatIsGivenReplacesTheDefault() {
        assertThat(Options.parse(List.of("--rounds", "5"), DEFAULTS).number("rounds", 1)).isEqualTo(5);
    }

    @Test
    void anUnknownOptionNamesThoseThereAre() {
        assertThatThrownBy(() -> Options.parse(List.of("--round", "5"), DEFAULTS))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown option --round; there are --peers, --rounds");
    }

    @Test
    void anOptionNeedsAValue() {
        assertThatThrownBy(() -> Options.parse(List.of("--rounds"), DEFAULTS))
                .hasMessage("option --rounds needs a value");
    }

    @Test
    void aNumberMustBeOne() {
        assertThatThrownBy(() -> Options.parse(List.of("--rounds", "many"), DEFAULTS).number("rounds", 1))
                .hasMessage("--rounds must be a whole number: many");
    }

    @Test
    void aNumberMustBeLargeEnough() {
        assertThatThrownBy(() -> Options.parse(List.of("--rounds", "0"), DEFAULTS).number("rounds", 1))
                .hasMessage("--rounds must be at least 1: 0");
    }
}
