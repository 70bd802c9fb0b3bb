package dev.thrum.verify.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(new Samples(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleOnes() {
        assertThat(new Samples(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @Test
    void theRangeIsLeastToGreatest() {
        assertThat(new Samples(List.of(9.0, 1.5, 2.0)).rangeText(1)).isEqualTo("1.5..9.0");
    }

    @Test
    void theRatioIsThatOfTheMedians() {
        assertThat(new Samples(List.of(1.0, 3.0)).ratioText(new Samples(List.of(4.0)))).isEqualTo("0.50");
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
