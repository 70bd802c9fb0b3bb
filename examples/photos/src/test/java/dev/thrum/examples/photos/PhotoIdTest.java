package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoIdTest {
    private final PhotoId ids = new PhotoId();

    @Test
    void laterOnesSortLater() {
        assertThat(ids.next(1_000)).isLessThan(ids.next(1_001));
        assertThat(ids.next(31)).isLessThan(ids.next(1L << 40));
    }

    @Test
    void twoOfOneMomentDiffer() {
        assertThat(ids.next(5)).isNotEqualTo(ids.next(5));
    }

    @Test
    void theyTellTheirTime() {
        assertThat(PhotoId.millis(ids.next(1_795_000_000_123L))).isEqualTo(1_795_000_000_123L);
    }

    @Test
    void theyAreKnownByTheirForm() {
        assertThat(PhotoId.isId(ids.next(1_795_000_000_123L))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "01arz3ndektsv4rrffq69g5fa", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5f/v"})
    void othersAreNot(String text) {
        assertThat(PhotoId.isId(text)).isFalse();
    }
}
