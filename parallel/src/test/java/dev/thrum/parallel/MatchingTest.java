package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MatchingTest {
    private static final List<Integer> NUMBERS = IntStream.range(0, 1000).boxed().toList();

    @EveryTeam
    @Tag("A-65")
    void everySomeNotAnyAndNotEveryAgreeWithTheSerialOnes(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int size : new int[] {0, 1, 2, 10, 1000}) {
                for (int limit : new int[] {0, 1, 5, 999, 1000}) {
                    List<Integer> some = NUMBERS.subList(0, size);
                    Matching<Integer> matching = parallel.over(some).matching(n -> n < limit);
                    assertThat(matching.every().run()).isEqualTo(some.stream().allMatch(n -> n < limit));
                    assertThat(matching.some().run()).isEqualTo(some.stream().anyMatch(n -> n < limit));
                    assertThat(matching.notAny().run()).isEqualTo(some.stream().noneMatch(n -> n < limit));
                    assertThat(matching.notEvery().run()).isEqualTo(!some.stream().allMatch(n -> n < limit));
                }
            }
        });
    }

    @EveryTeam
    @Tag("A-81")
    void countCountsTheMatches(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            assertThat(parallel.over(NUMBERS).matching(n -> n % 3 == 0).count().run()).isEqualTo(334);
            assertThat(parallel.over(NUMBERS).parts(7).matching(n -> n % 3 == 0).count().run()).isEqualTo(334);
            assertThat(parallel.over(List.<Integer>of()).matching(n -> 1 / n == 1).count().run()).isZero();
        });
    }

    @EveryTeam
    @Tag("A-82")
    void findGivesAMatchAndFindFirstTheFirst(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Matching<Integer> late = parallel.over(NUMBERS).matching(n -> n >= 700);
            assertThat(late.find().run().orElseThrow().value()).isGreaterThanOrEqualTo(700);
            assertThat(late.findFirst().run()).contains(new Match<>(700, 700));
            assertThat(parallel.over(NUMBERS).parts(13).matching(n -> n % 10 == 9).findFirst().run())
                    .contains(new Match<>(9, 9));
            assertThat(parallel.over(NUMBERS).matching(n -> n < 0).find().run()).isEmpty();
        });
    }

    @EveryTeam
    @Tag("A-72")
    void removeKeepAndPartitionKeepTheOrder(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Matching<Integer> even = parallel.over(NUMBERS).matching(n -> n % 2 == 0);
            List<Integer> evens = NUMBERS.stream().filter(n -> n % 2 == 0).toList();
            List<Integer> odds = NUMBERS.stream().filter(n -> n % 2 != 0).toList();
            assertThat(even.keep().run()).isEqualTo(evens);
            assertThat(even.remove().run()).isEqualTo(odds);
            assertThat(even.partition().run()).isEqualTo(new Matching.Partition<>(evens, odds));
        });
    }

    @Test
    @Tag("A-65.1")
    void aQuestionWhoseAnswerIsKnownAsksNoFurther() throws Exception {
        Kernels.with(1, parallel -> {
            AtomicInteger asked = new AtomicInteger();
            parallel.range(0, 10_000_000)
                    .elements()
                    .matching(n -> asked.incrementAndGet() > 0)
                    .some()
                    .run();
            assertThat(asked.get()).isLessThan(10_000_000);
        });
    }
}
