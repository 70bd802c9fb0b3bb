package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/// The algorithms against the serial loops: any input, any number of workers and of parts.
class AlgorithmProperties {
    private static final List<Kernel> KERNELS =
            Stream.of(1, 2, 4, 8, 16).map(Kernel::start).toList();

    @AfterContainer
    static void end() {
        KERNELS.forEach(Kernel::close);
    }

    private static Parallel on(int kernel) {
        Parallel parallel = Parallel.on(KERNELS.get(kernel / 2));
        return kernel % 2 == 0 ? parallel : parallel.withCaller();
    }

    private static <T> Elements<T> over(int kernel, List<T> elements, int parts) {
        Elements<T> all = on(kernel).over(elements);
        return parts == 0 ? all : all.parts(parts);
    }

    @Property
    void mapIsTheSerialMap(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(max = 200) List<Integer> elements,
            @ForAll @IntRange(max = 20) int parts,
            @ForAll @IntRange(max = 200) int size) {
        int first = Math.min(size, elements.size());
        assertThat(over(kernel, elements, parts).first(first).map(n -> n + 1).run())
                .isEqualTo(elements.stream().limit(first).map(n -> n + 1).toList());
    }

    @Property
    void flatMapIsTheSerialOne(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(max = 100) List<@IntRange(max = 3) Integer> elements,
            @ForAll @IntRange(max = 20) int parts) {
        assertThat(over(kernel, elements, parts).flatMap(n -> List.of(1, 2, 3).subList(0, n)).run())
                .isEqualTo(elements.stream().flatMap(n -> Stream.of(1, 2, 3).limit(n)).toList());
    }

    @Property
    void reduceIsTheSerialReduce(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(max = 100) List<String> elements,
            @ForAll @IntRange(max = 20) int parts) {
        assertThat(over(kernel, elements, parts).reduce("first", String::concat).run())
                .isEqualTo("first" + String.join("", elements));
    }

    @Property
    void reductionsOfPrimitivesAreTheSerialOnes(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll long[] elements,
            @ForAll @IntRange(min = 1, max = 20) int parts) {
        Range range = on(kernel).range(0, elements.length);
        long expected = 7;
        for (long each : elements) {
            expected += each;
        }
        assertThat(range.reduceLongs(7, i -> elements[i], Long::sum).run()).isEqualTo(expected);
        assertThat(range.parts(parts).reduceLongs(7, i -> elements[i], Long::sum).run()).isEqualTo(expected);
    }

    @Property
    void matchingIsTheSerialFilter(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(max = 100) List<@IntRange(max = 9) Integer> elements,
            @ForAll @IntRange(max = 20) int parts,
            @ForAll @IntRange(max = 10) int limit) {
        Matching<Integer> matching = over(kernel, elements, parts).matching(n -> n < limit);
        List<Integer> kept = elements.stream().filter(n -> n < limit).toList();
        assertThat(matching.keep().run()).isEqualTo(kept);
        assertThat(matching.remove().run()).isEqualTo(elements.stream().filter(n -> n >= limit).toList());
        assertThat(matching.count().run()).isEqualTo(kept.size());
        assertThat(matching.some().run()).isEqualTo(!kept.isEmpty());
        assertThat(matching.every().run()).isEqualTo(kept.size() == elements.size());
        assertThat(matching.findFirst().run().map(Match::index))
                .isEqualTo(IntStream.range(0, elements.size())
                        .filter(i -> elements.get(i) < limit)
                        .mapToObj(i -> (long) i)
                        .findFirst());
    }

    @Property
    void sortIsTheSerialSort(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(max = 300) List<@IntRange(max = 50) Integer> elements,
            @ForAll @IntRange(min = 1, max = 60) int copies) {
        record Card(int rank, int place) {}
        Card[] cards = new Card[elements.size() * copies];
        for (int i = 0; i < cards.length; i++) {
            cards[i] = new Card(elements.get(i % elements.size()) * (i + 1) % 51, i);
        }
        Card[] expected = cards.clone();
        Arrays.sort(expected, Comparator.comparingInt(Card::rank));
        on(kernel).sort(cards, Comparator.comparingInt(Card::rank)).run();
        assertThat(cards).isEqualTo(expected);
    }

    @Property
    void sortingPrimitivesIsTheSerialSort(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(min = 1, max = 200) double[] some,
            @ForAll @IntRange(min = 1, max = 100) int copies,
            @ForAll @IntRange(max = 20) int before,
            @ForAll @IntRange(max = 20) int behind) {
        double[] doubles = new double[some.length * copies];
        Arrays.setAll(doubles, i -> some[i % some.length] * (i % 3 - 1));
        int from = Math.min(before, doubles.length);
        int to = Math.max(from, doubles.length - behind);
        int[] ints = Arrays.stream(doubles).mapToInt(d -> (int) d).toArray();
        long[] longs = Arrays.stream(doubles).mapToLong(d -> (long) d).toArray();
        double[] expectedDoubles = doubles.clone();
        int[] expectedInts = ints.clone();
        long[] expectedLongs = longs.clone();
        Arrays.sort(expectedDoubles, from, to);
        Arrays.sort(expectedInts, from, to);
        Arrays.sort(expectedLongs, from, to);
        Range range = on(kernel).range(from, to);
        assertThat(range.sort(doubles).run()).isEqualTo(expectedDoubles);
        assertThat(range.sort(ints).run()).isEqualTo(expectedInts);
        assertThat(range.sort(longs).run()).isEqualTo(expectedLongs);
    }

    @Property
    void anIteratorGivesWhatAListGives(
            @ForAll @IntRange(max = 9) int kernel, @ForAll @Size(max = 300) List<Integer> elements) {
        assertThat(on(kernel).over(elements.iterator()).map(n -> -n).run())
                .isEqualTo(elements.stream().map(n -> -n).toList());
    }

    @Property
    void aSpliteratorGivesWhatAListGives(
            @ForAll @IntRange(max = 9) int kernel,
            @ForAll @Size(max = 50) List<@IntRange(max = 9) Integer> some,
            @ForAll @IntRange(min = 1, max = 100) int copies,
            @ForAll @IntRange(max = 5000) int size) {
        List<Integer> elements = Collections.nCopies(copies, some).stream().flatMap(List::stream).toList();
        List<Integer> first = elements.stream().limit(size).toList();
        List<Integer> source = new ArrayList<>(elements);
        assertThat(on(kernel).over(source.spliterator()).first(size).map(n -> -n).run())
                .isEqualTo(first.stream().map(n -> -n).toList());
        assertThat(on(kernel).over(source.spliterator()).first(size).matching(n -> n == 9).findFirst().run().map(Match::index))
                .isEqualTo(first.contains(9) ? Optional.of((long) first.indexOf(9)) : Optional.empty());
        assertThat(on(kernel).over(source.spliterator()).reduce(0, Integer::sum).run())
                .isEqualTo(elements.stream().mapToInt(n -> n).sum());
    }
}
