package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Task;
import dev.thrum.kernel.TaskHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ElementsTest {

    private static List<Integer> numbers(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    @EveryTeam
    @Tag("A-57")
    void mapGivesTheResultsInOrderForAnySizeAndParts(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int size : new int[] {0, 1, 2, 3, 5, 6, 10, 100, 1000}) {
                List<Integer> expected = numbers(size).stream().map(n -> n * n).toList();
                assertThat(parallel.over(numbers(size)).map(n -> n * n).run()).isEqualTo(expected);
                for (int parts : new int[] {1, 2, 3, 4, 8, 500, 2000}) {
                    assertThat(parallel.over(numbers(size)).parts(parts).map(n -> n * n).run()).isEqualTo(expected);
                }
            }
        });
    }

    @EveryTeam
    @Tag("A-58")
    void forEachMeetsEveryElementOnce(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            AtomicIntegerArray met = new AtomicIntegerArray(1000);
            parallel.over(numbers(1000)).forEach(met::incrementAndGet).run();
            assertThat(met.toString()).isEqualTo(Arrays.toString(IntStream.generate(() -> 1).limit(1000).toArray()));
        });
    }

    @Test
    @Tag("A-66")
    void piecesDifferByOneElementAndTheFirstAreLarger() throws Exception {
        Kernels.with(2, parallel -> {
            assertThat(parallel.over(numbers(8)).parts(3).partials(Integer::sum).run()).containsExactly(3, 12, 13);
            assertThat(parallel.over(numbers(3)).parts(7).partials(Integer::sum).run()).containsExactly(0, 1, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parallel.over(numbers(3)).parts(0))
                    .withMessage("parts must be at least 1: 0");
        });
    }

    @EveryTeam
    @Tag("A-62")
    void partialsAreOnePerPieceInOrder(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            assertThat(parallel.over(List.of("a", "b", "c")).parts(1).partials(String::concat).run())
                    .containsExactly("abc");
            assertThat(parallel.over(List.of("a", "b", "c")).parts(2).partials(String::concat).run())
                    .containsExactly("ab", "c");
            assertThat(parallel.over(List.of("a", "b", "c")).parts(3).partials(String::concat).run())
                    .containsExactly("a", "b", "c");
            assertThat(parallel.over(numbers(100)).partials(Integer::sum).run()).hasSize(Math.min(workers, 100));
            assertThatThrownBy(() -> parallel.over(List.<String>of()).partials(String::concat).run())
                    .satisfies(thrown -> assertThat(thrown).isInstanceOf(NoSuchElementException.class));
        });
    }

    @EveryTeam
    @Tag("A-63")
    void reduceKeepsTheOrderAndUsesTheFirstValueOnce(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            List<String> letters = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
            String all = String.join("", letters);
            assertThat(parallel.over(letters).reduce(String::concat).run()).isEqualTo(all);
            assertThat(parallel.over(letters).reduce("<", String::concat).run()).isEqualTo("<" + all);
            for (int parts = 1; parts <= 10; parts++) {
                assertThat(parallel.over(letters).parts(parts).reduce("<", String::concat).run()).isEqualTo("<" + all);
            }
            assertThat(parallel.over(List.of(1, 2, 3)).parts(3).reduce(10, Integer::sum).run()).isEqualTo(16);
            assertThat(parallel.over(List.<String>of()).reduce("<", String::concat).run()).isEqualTo("<");
            assertThatThrownBy(() -> parallel.over(List.<String>of()).reduce(String::concat).run())
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("there are no elements to reduce");
        });
    }

    @EveryTeam
    @Tag("A-64")
    void mapReducePutsTheResultsTogether(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(parallel.over(numbers(10_000))
                        .mapReduce(Integer::longValue, 0L, Long::sum)
                        .run())
                .isEqualTo(49_995_000L));
    }

    @EveryTeam
    @Tag("A-60")
    void flatMapTakesAnyNumberOfResults(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(parallel.over(numbers(200))
                        .flatMap(n -> numbers(n % 4))
                        .run())
                .isEqualTo(numbers(200).stream().flatMap(n -> numbers(n % 4).stream()).toList()));
    }

    @EveryTeam
    @Tag("A-56")
    void mapIntoFillsWhatThereIsRoomForAndLeavesTheRest(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            String[] target = {"-", "-", "-", "-", "-"};
            assertThat(parallel.over(numbers(3)).mapInto(target, Object::toString).run()).isSameAs(target);
            assertThat(target).containsExactly("0", "1", "2", "-", "-");
            String[] small = new String[2];
            parallel.over(numbers(3)).parts(2).mapInto(small, Object::toString).run();
            assertThat(small).containsExactly("0", "1");
            Integer[] self = {1, 2, 3};
            parallel.over(self).mapInto(self, n -> n + 1).run();
            assertThat(self).containsExactly(2, 3, 4);
        });
    }

    @Test
    @Tag("A-76")
    void firstTakesThatManyAndRefusesMoreThanThereAre() throws Exception {
        Kernels.with(2, parallel -> {
            assertThat(parallel.over(numbers(9)).first(4).map(n -> n).run()).isEqualTo(numbers(4));
            assertThat(parallel.over(numbers(9)).first(0).map(n -> n).run()).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parallel.over(numbers(9)).first(10))
                    .withMessage("size must be 0..9: 10");
        });
    }

    @Test
    @Tag("A-65")
    void zipEndsWithTheShorterOne() throws Exception {
        Kernels.with(2, parallel -> {
            assertThat(parallel.over(numbers(5)).zip(List.of(10, 20, 30), Integer::sum).map(n -> n).run())
                    .containsExactly(10, 21, 32);
            assertThat(parallel.over(numbers(2)).zip(List.of(10, 20, 30), Integer::sum).map(n -> n).run())
                    .containsExactly(10, 21);
            assertThat(parallel.over(numbers(9).iterator()).zip(List.of(1, 1), Integer::sum).map(n -> n).run())
                    .containsExactly(1, 2);
        });
    }

    @Test
    @Tag("A-59")
    void listsWithoutRandomAccessArraysAndSpliteratorsWillDo() throws Exception {
        Kernels.with(2, parallel -> {
            List<Integer> expected = numbers(300);
            assertThat(parallel.over(new LinkedList<>(expected)).map(n -> n).run()).isEqualTo(expected);
            assertThat(parallel.over(expected.toArray(new Integer[0])).map(n -> n).run()).isEqualTo(expected);
            assertThat(parallel.over(expected.spliterator()).map(n -> n).run()).isEqualTo(expected);
            assertThat(parallel.over(expected.iterator()).map(n -> n).run()).isEqualTo(expected);
        });
    }

    @EveryTeam
    @Tag("A-59.1")
    void anIteratorWithoutAnEndCanBeSearched(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Iterator<Integer> endless = IntStream.iterate(0, n -> n + 1).iterator();
            assertThat(parallel.over(endless).matching(n -> n == 12_345).find().run())
                    .contains(new Match<>(12_345, 12_345));
            Iterator<Integer> more = IntStream.iterate(0, n -> n + 1).iterator();
            assertThat(parallel.over(more).first(5000).reduce(0, Integer::sum).run()).isEqualTo(12_497_500);
        });
    }

    @Test
    @Tag("A-59.2")
    void theResultsOfAnIteratorAreInOrderToo() throws Exception {
        Kernels.with(4, parallel -> assertThat(parallel.over(numbers(20_000).iterator()).map(n -> n).run())
                .isEqualTo(numbers(20_000)));
    }

    @EveryTeam
    @Tag("A-73")
    void taskHandlersAndTheContextOfWorkersReachEveryElement(int workers) throws Exception {
        AtomicInteger lives = new AtomicInteger();
        try (Kernel kernel = Kernel.start(workers, k -> k.withContext(life -> {
            lives.incrementAndGet();
            life.run();
        }))) {
            List<Object> doubled = TaskHandler.on(
                            IllegalArgumentException.class,
                            problem -> new TaskHandler.Use(2 * Integer.parseInt(String.valueOf(problem.getMessage()))))
                    .call(() -> Parallel.on(kernel)
                            .over(numbers(100))
                            .<Object>map(n -> Task.signal(new IllegalArgumentException("" + n)).orElseThrow())
                            .run());
            assertThat(doubled).isEqualTo(numbers(100).stream().map(n -> 2 * n).toList());
            assertThat(lives).hasValue(workers);
        }
    }

    /// Counts how often it was split.
    private record Counting<T>(Spliterator<T> inner, AtomicInteger splits) implements Spliterator<T> {
        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            return inner.tryAdvance(action);
        }

        @Override
        public @Nullable Spliterator<T> trySplit() {
            Spliterator<T> first = inner.trySplit();
            splits.addAndGet(first == null ? 0 : 1);
            return first == null ? null : new Counting<>(first, splits);
        }

        @Override
        public long estimateSize() {
            return inner.estimateSize();
        }

        @Override
        public int characteristics() {
            return inner.characteristics();
        }
    }

    @Test
    @Tag("A-59.3")
    void aSpliteratorIsSplitWhereAWorkerIsIdle() throws Exception {
        Kernels.with(4, parallel -> {
            AtomicInteger splits = new AtomicInteger();
            CountDownLatch both = new CountDownLatch(2);
            Spliterator<Integer> source = new Counting<>(new ArrayList<>(numbers(1000)).spliterator(), splits);
            assertThat(parallel.over(source)
                            .map(n -> {
                                both.countDown();
                                Kernels.on(both);
                                return n;
                            })
                            .run())
                    .isEqualTo(numbers(1000));
            assertThat(splits).hasPositiveValue();
        });
    }

    @Test
    void whatNeedsASizeSaysSo() throws Exception {
        Kernels.with(1, parallel -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> parallel.over(numbers(3).iterator()).mapInto(new Integer[3], n -> n));
            assertThatIllegalStateException()
                    .isThrownBy(() -> parallel.over(numbers(3).iterator()).partials(Integer::sum));
        });
    }

    @EveryTeam
    @Tag("A-71")
    void sortIsStableForAnySize(int workers) throws Exception {
        record Card(int rank, int place) {}
        Kernels.with(workers, parallel -> {
            for (int size : new int[] {0, 1, 2, 5, 100, 4096, 4097, 50_000}) {
                List<Card> cards = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    cards.add(new Card((int) (i * 2_654_435_761L % 97), i));
                }
                List<Card> expected = new ArrayList<>(cards);
                expected.sort(Comparator.comparingInt(Card::rank));
                assertThat(parallel.over(cards).sort(Comparator.comparingInt(Card::rank)).run()).isEqualTo(expected);
            }
        });
    }

    @EveryTeam
    @Tag("A-71.1")
    void anArrayIsSortedInPlace(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Integer[] down = numbers(30_000).stream().map(n -> 30_000 - n).toArray(Integer[]::new);
            assertThat(parallel.sort(down, Comparator.naturalOrder()).run()).isSameAs(down).isSorted();
            Integer[] same = numbers(30_000).stream().map(n -> 1).toArray(Integer[]::new);
            parallel.sort(same, Comparator.naturalOrder()).run();
            assertThat(same).containsOnly(1);
        });
    }

    @Test
    @Tag("A-85")
    void everyAlgorithmRunsInsideATaskOfAKernelWithOneWorker() throws Exception {
        Kernels.with(1, parallel -> {
            List<Integer> sums = parallel.over(numbers(20))
                    .map(n -> {
                        List<Integer> squares = parallel.over(numbers(n)).map(m -> m * m).run();
                        int sum = parallel.over(squares).reduce(0, Integer::sum).run();
                        Integer[] sorted = squares.toArray(new Integer[0]);
                        parallel.sort(sorted, Comparator.reverseOrder()).run();
                        boolean some = parallel.over(squares).matching(m -> m > 3).some().run();
                        return sum + (some ? 1 : 0);
                    })
                    .run();
            assertThat(sums).hasSize(20).startsWith(0, 0, 1, 6, 15);
        });
    }

    @Test
    @Tag("A-86")
    void twoElementsThatWaitForEachOtherMeetInTwoWorkers() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch both = new CountDownLatch(2);
            parallel.over(List.of(1, 2))
                    .forEach(n -> {
                        both.countDown();
                        Kernels.on(both);
                    })
                    .run();
            assertThat(both.getCount()).isZero();
        });
    }

    @Test
    @Tag("A-89.1")
    void skewedWorkIsSharedToTheLastElement() throws Exception {
        // The dear elements are the last four: each waits until all four run, in four workers.
        Kernels.with(4, parallel -> {
            CountDownLatch four = new CountDownLatch(4);
            parallel.range(0, 64)
                    .forEach(i -> {
                        if (i >= 60) {
                            four.countDown();
                            Kernels.on(four);
                        }
                    })
                    .run();
            assertThat(four.getCount()).isZero();
        });
    }

    @Test
    void nullElementsAreElements() throws Exception {
        Kernels.with(2, parallel -> {
            List<@Nullable String> elements = Arrays.asList("a", null, "b");
            assertThat(parallel.<@Nullable String>over(elements).map(e -> e).run()).isEqualTo(elements);
            assertThat(parallel.<@Nullable String>over(elements).matching(e -> e == null).find().run())
                    .contains(new Match<>(1, null));
        });
    }

    @Test
    void workCanBeRunAgain() throws Exception {
        Kernels.with(2, parallel -> {
            AtomicInteger calls = new AtomicInteger();
            Work<List<Integer>> work = parallel.over(numbers(10)).map(n -> n + calls.getAndIncrement() * 0);
            assertThat(work.run()).isEqualTo(work.run());
            assertThat(calls).hasValue(20);
        });
    }

    @EveryTeam
    @Tag("A-92.3")
    void progressIsToldSomeTimesAndAtTheEnd(int workers) throws Exception {
        List<Integer> elements = new ArrayList<>(numbers(20_000));
        List<Function<Parallel, Work<?>>> works = List.of(
                parallel -> parallel.over(elements).map(n -> n),
                parallel -> parallel.over(elements.spliterator()).forEach(n -> {}),
                parallel -> parallel.over(elements).sort(Comparator.reverseOrder()),
                parallel -> parallel.range(0, 20_000).toInts(n -> n),
                parallel -> parallel.range(0, 20_000).sort(new int[20_000]));
        Kernels.with(workers, parallel -> {
            for (Function<Parallel, Work<?>> work : works) {
                Queue<List<Long>> told = new ConcurrentLinkedQueue<>();
                work.apply(parallel.withProgress((done, total) -> told.add(List.of(done, total)))).run();
                Kernels.until(() -> told.contains(List.of(20_000L, 20_000L)));
                assertThat(told).hasSizeLessThan(110).allMatch(each -> each.getFirst() <= each.getLast());
            }
        });
    }
}
