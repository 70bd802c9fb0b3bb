package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RangeTest {

    @EveryTeam
    @Tag("A-87")
    void forEachMeetsEveryNumberOnceWhateverTheParts(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int size = 0; size < 100; size += 7) {
                for (int parts : new int[] {1, 2, 3, 50, 100}) {
                    AtomicIntegerArray met = new AtomicIntegerArray(100);
                    parallel.range(0, size).parts(parts).forEach(met::incrementAndGet).run();
                    assertThat(IntStream.range(0, 100).map(met::get).sum()).isEqualTo(size);
                    assertThat(IntStream.range(0, size).map(met::get)).allMatch(n -> n == 1);
                }
            }
        });
    }

    @Test
    @Tag("A-87.1")
    void aRangeGoesUpwards() throws Exception {
        Kernels.with(1, parallel -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parallel.range(5, 4))
                    .withMessage("to must be 5..2147483652: 4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parallel.range(Integer.MIN_VALUE, Integer.MAX_VALUE));
            assertThat(parallel.range(-3, 0).map(n -> n).run()).containsExactly(-3, -2, -1);
        });
    }

    @EveryTeam
    @Tag("A-84")
    void arraysOfPrimitivesAreFilled(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Range range = parallel.range(1, 1001);
            assertThat(range.toInts(n -> 2 * n).run())
                    .isEqualTo(IntStream.range(1, 1001).map(n -> 2 * n).toArray());
            assertThat(range.toLongs(n -> 3L * n).run())
                    .isEqualTo(IntStream.range(1, 1001).mapToLong(n -> 3L * n).toArray());
            assertThat(range.toDoubles(Math::sqrt).run())
                    .isEqualTo(IntStream.range(1, 1001).mapToDouble(Math::sqrt).toArray());
        });
    }

    @EveryTeam
    @Tag("A-63.1")
    void reductionsOfPrimitivesUseTheFirstValueOnce(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Range range = parallel.range(1, 10_001);
            assertThat(range.reduceInts(7, n -> n, Integer::sum).run()).isEqualTo(50_005_007);
            assertThat(range.parts(9).reduceLongs(7, n -> n, Long::sum).run()).isEqualTo(50_005_007);
            assertThat(range.reduceDoubles(0.5, n -> n, Double::sum).run()).isEqualTo(50_005_000.5);
            assertThat(parallel.range(0, 0).reduceLongs(7, n -> 1 / n, Long::sum).run()).isEqualTo(7);
            assertThat(range.reduceSlices(7L, (low, high) -> IntStream.range(low, high).asLongStream().sum(), Long::sum)
                            .run())
                    .isEqualTo(50_005_007);
        });
    }

    @EveryTeam
    @Tag("A-71.2")
    void arraysOfPrimitivesAreSortedWhereTheyAre(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int size : new int[] {0, 1, 2, 100, 4096, 4097, 50_000, 200_000}) {
                int[] ints = new SplittableRandom(size).ints(size, -size, size + 1).toArray();
                long[] longs = new SplittableRandom(size).longs(size).toArray();
                double[] doubles = new SplittableRandom(size).doubles(size).toArray();
                for (int i = 0; i < size; i += 7) {
                    doubles[i] = List.of(-0.0, 0.0, Double.NaN, 1 / 0.0).get(i % 4);
                }
                int[] sortedInts = ints.clone();
                long[] sortedLongs = longs.clone();
                double[] sortedDoubles = doubles.clone();
                Range all = parallel.range(0, size);
                assertThat(all.sort(sortedInts).run()).isSameAs(sortedInts);
                assertThat(all.sort(sortedLongs).run()).isSameAs(sortedLongs);
                assertThat(all.sort(sortedDoubles).run()).isSameAs(sortedDoubles);
                Arrays.sort(ints);
                Arrays.sort(longs);
                Arrays.sort(doubles);
                assertThat(sortedInts).isEqualTo(ints);
                assertThat(sortedLongs).isEqualTo(longs);
                assertThat(sortedDoubles).isEqualTo(doubles);
            }
        });
    }

    @Test
    @Tag("A-71.3")
    void aRangeSortsItsOwnPlacesOnly() throws Exception {
        Kernels.with(2, parallel -> {
            int[] down = IntStream.range(0, 20_000).map(n -> -n).toArray();
            int[] expected = down.clone();
            Arrays.sort(expected, 1_000, 19_000);
            assertThat(parallel.range(1_000, 19_000).sort(down).run()).isEqualTo(expected);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parallel.range(0, 20_001).sort(down))
                    .withMessage("a range to sort must be within 0..20000: 0..20001");
            assertThatIllegalArgumentException().isThrownBy(() -> parallel.range(-1, 5).sort(new long[9]));
        });
    }

    @Test
    void theNumbersAreElementsToo() throws Exception {
        Kernels.with(2, parallel -> assertThat(parallel.range(10, 20)
                        .parts(3)
                        .elements()
                        .matching(n -> n % 2 == 0)
                        .keep()
                        .run())
                .containsExactly(10, 12, 14, 16, 18));
    }
}
