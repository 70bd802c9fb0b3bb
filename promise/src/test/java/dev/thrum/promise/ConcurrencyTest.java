package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Work for many items, so much at a time.
@Timeout(120)
class ConcurrencyTest {
    private static final List<Integer> FIVE = List.of(1, 2, 3, 4, 5);

    private final Map<Integer, Resolver<String>> work = new LinkedHashMap<>();
    private final List<Object> stopped = new ArrayList<>();
    private final IOException broken = new IOException("broken");

    private Promise<String> start(int item) {
        Resolver<String> resolver = Resolver.create();
        resolver.onCancel(reason -> stopped.add(item));
        work.put(item, resolver);
        return resolver.promise();
    }

    private void end(int item) {
        work.get(item).resolve("done " + item);
    }

    private void fail(int item) {
        work.get(item).reject(item == 1 ? broken : new IOException("broken " + item));
    }

    private static Throwable reason(Promise<?> promise) {
        assertThat(promise.state()).isInstanceOf(Rejected.class);
        return ((Rejected<?>) promise.state()).reason();
    }

    @Test
    void aLimitIsAtLeastOne() {
        assertThatThrownBy(() -> Concurrency.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be at least 1: 0");
    }

    @Test
    void itSaysWhatItIs() {
        assertThat(Concurrency.of(1)).hasToString("in turn");
        assertThat(Concurrency.of(8).waiting()).hasToString("at most 8, waiting");
        assertThat(Concurrency.unlimited()).hasToString("unlimited");
    }

    @Test
    @Tag("P-42")
    void noMoreThanTheLimitRunsAndTheNextStartsWhenOneEnds() {
        Promise<List<String>> all = Concurrency.of(2).map(FIVE, this::start);
        assertThat(work).containsOnlyKeys(1, 2);
        end(2);
        assertThat(work).containsOnlyKeys(1, 2, 3);
        end(3);
        end(1);
        end(5);
        assertThat(all.state()).isEqualTo(new Pending<>());
        end(4);

        assertThat(all.state()).isEqualTo(new Fulfilled<>(List.of("done 1", "done 2", "done 3", "done 4", "done 5")));
    }

    @Test
    @Tag("P-22")
    void inTurnEachWaitsForTheOneBefore() {
        List<Object> log = new ArrayList<>();
        Promise<?> end = Concurrency.inTurn().each(List.of(6, 1, 3), item -> start(item).tap(log::add));
        assertThat(work).containsOnlyKeys(6);
        end(6);
        end(1);
        end(3);

        assertThat(log).containsExactly("done 6", "done 1", "done 3");
        assertThat(end.state()).isEqualTo(new Fulfilled<>(null));
    }

    @Test
    @Tag("P-23")
    void unlimitedStartsAllAndKeepsTheOrder() {
        Promise<List<String>> all = Concurrency.unlimited().map(FIVE, this::start);
        assertThat(work).hasSize(5);
        List.of(5, 3, 1, 4, 2).forEach(this::end);

        assertThat(all.state()).isEqualTo(new Fulfilled<>(List.of("done 1", "done 2", "done 3", "done 4", "done 5")));
    }

    @Test
    @Tag("P-24")
    void nothingToDoIsDoneAtOnce() {
        List<Integer> none = List.of();
        Concurrency two = Concurrency.of(2);

        assertThat(two.map(none, this::start).state()).isEqualTo(new Fulfilled<>(List.of()));
        assertThat(two.filter(none, n -> Promise.of(true)).state()).isEqualTo(new Fulfilled<>(List.of()));
        assertThat(two.each(none, this::start).state()).isEqualTo(new Fulfilled<>(null));
        assertThat(two.settled(none, this::start).state()).isEqualTo(new Fulfilled<>(List.of()));
        assertThat(two.reduce(none, this::start, "x", String::concat).state()).isEqualTo(new Fulfilled<>("x"));
        assertThat(reason(two.any(none, this::start))).isInstanceOf(NoSuchElementException.class);
        assertThat(reason(two.race(none, this::start))).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    @Tag("P-27")
    void filterKeepsWhatIsPromisedTrueInOrder() {
        Map<Integer, Resolver<Boolean>> verdicts = new LinkedHashMap<>();
        Promise<List<Integer>> odd = Concurrency.unlimited().filter(FIVE, n -> {
            Resolver<Boolean> verdict = Resolver.create();
            verdicts.put(n, verdict);
            return verdict.promise();
        });
        FIVE.reversed().forEach(n -> verdicts.get(n).resolve(n % 2 == 1));

        assertThat(odd.state()).isEqualTo(new Fulfilled<>(List.of(1, 3, 5)));
    }

    @Test
    void filterKeepsNulls() {
        List<String> items = new ArrayList<>();
        items.add(null);
        items.add("x");

        assertThat(Concurrency.inTurn().filter(items, item -> Promise.of(true)).state())
                .isEqualTo(new Fulfilled<>(items));
    }

    @Test
    @Tag("P-43")
    void reduceFoldsInOrderWhateverComesFirst() {
        Promise<String> sum = Concurrency.of(3).reduce(FIVE, this::start, "", (a, b) -> a + b.charAt(5));
        end(3);
        end(2);
        end(1);
        end(5);
        end(4);

        assertThat(sum.state()).isEqualTo(new Fulfilled<>("12345"));
    }

    @Test
    void whatCombineThrowsRejectsAndStopsTheRest() {
        Promise<String> sum = Concurrency.of(2).reduce(FIVE, this::start, "", (a, b) -> {
            throw new IllegalStateException("no");
        });
        end(1);

        assertThat(reason(sum)).hasMessage("no");
        assertThat(stopped).containsExactly(2);
    }

    @Test
    @Tag("P-44")
    void settledTellsOfEveryEnd() {
        Promise<List<Promise.State<String>>> ends = Concurrency.of(2).settled(List.of(1, 2), this::start);
        end(2);
        fail(1);

        assertThat(ends.state())
                .isEqualTo(new Fulfilled<>(List.of(new Rejected<>(broken), new Fulfilled<>("done 2"))));
    }

    @Nested
    class FailingFast {
        @Test
        @Tag("P-45")
        void theFirstFailureRejectsStartsNothingMoreAndCancelsTheRest() {
            Promise<List<String>> all = Concurrency.of(3).map(FIVE, outer()::start);
            fail(1);

            assertThat(reason(all)).isSameAs(broken);
            assertThat(stopped).containsExactly(2, 3);
            assertThat(work).containsOnlyKeys(1, 2, 3);
        }

        private ConcurrencyTest outer() {
            return ConcurrencyTest.this;
        }

        @Test
        void whatSomebodyElseWantsGoesOn() {
            List<Object> log = new ArrayList<>();
            Promise<?> all = Concurrency.of(2).each(FIVE, item -> {
                Promise<String> promise = start(item);
                promise.tap(log::add);
                return promise;
            });
            fail(1);
            end(2);

            assertThat(reason(all)).isSameAs(broken);
            assertThat(stopped).isEmpty();
            assertThat(log).containsExactly("done 2");
        }

        @Test
        @Tag("P-46")
        void theFirstValueWinsAndTheOthersAreCancelled() {
            Promise<String> any = Concurrency.of(3).any(FIVE, outer()::start);
            fail(2);
            end(3);

            assertThat(any.state()).isEqualTo(new Fulfilled<>("done 3"));
            assertThat(stopped).containsExactly(1, 4);
        }

        @Test
        void withoutAValueTheFirstReasonTellsOfTheOthers() {
            Promise<String> any = Concurrency.of(2).any(List.of(1, 2, 3), outer()::start);
            fail(1);
            fail(2);
            fail(3);

            assertThat(reason(any)).isSameAs(broken);
            assertThat(broken.getSuppressed()).extracting(Throwable::getMessage).containsExactly("broken 2", "broken 3");
        }

        @Test
        @Tag("P-47")
        void theFirstEndWinsARace() {
            Promise<String> lost = Concurrency.unlimited().race(List.of(1, 2), outer()::start);
            fail(1);

            assertThat(reason(lost)).isSameAs(broken);
            assertThat(stopped).containsExactly(2);
        }
    }

    @Nested
    class Waiting {
        private final Concurrency two = Concurrency.of(2).waiting();

        @Test
        @Tag("P-48")
        void afterAFailureNothingMoreStartsAndTheResultWaitsForTheLosers() {
            Promise<List<String>> all = two.map(FIVE, ConcurrencyTest.this::start);
            fail(1);
            assertThat(all.state()).isEqualTo(new Pending<>());
            assertThat(stopped).isEmpty();
            fail(2);

            assertThat(reason(all)).isSameAs(broken);
            assertThat(broken.getSuppressed()).extracting(Throwable::getMessage).containsExactly("broken 2");
            assertThat(work).containsOnlyKeys(1, 2);
        }

        @Test
        void aWinnerWaitsForTheLosers() {
            Promise<String> any = two.any(FIVE, ConcurrencyTest.this::start);
            end(1);
            assertThat(any.state()).isEqualTo(new Pending<>());
            fail(2);

            assertThat(any.state()).isEqualTo(new Fulfilled<>("done 1"));
        }

        @Test
        void aCancelStillReachesTheWork() {
            Promise<String> any = two.any(FIVE, ConcurrencyTest.this::start);
            end(1);
            any.cancel();

            assertThat(stopped).containsExactly(2);
            assertThat(reason(any)).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    @Tag("P-49")
    void cancellingTheResultCancelsWhatRunsAndStartsNothingMore() {
        Promise<?> all = Concurrency.of(2).each(FIVE, this::start);
        end(1);
        all.cancel();

        assertThat(stopped).containsExactly(2, 3);
        assertThat(work).containsOnlyKeys(1, 2, 3);
    }

    @Test
    void whatAFunctionThrowsIsAFailureOfItsItem() {
        assertThat(reason(Concurrency.inTurn().each(FIVE, n -> {
                    throw new IllegalStateException("no " + n);
                })))
                .hasMessage("no 1");
        assertThat(reason(Concurrency.inTurn().each(FIVE, n -> null))).hasMessage("the function returned null");
    }

    @Test
    void soIsWhatTheIteratorThrows() {
        Iterable<Integer> failing = () -> new Iterator<>() {
            private int n;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (n == 2) {
                    throw new IllegalStateException("no third");
                }
                return ++n;
            }
        };
        Promise<?> all = Concurrency.of(9).waiting().each(failing, this::start);
        assertThat(all.state()).isEqualTo(new Pending<>());
        end(1);
        end(2);

        assertThat(reason(all)).hasMessage("no third");
    }

    @Test
    void itemsAreAskedForWhenThereIsRoom() {
        AtomicInteger asked = new AtomicInteger();
        Iterable<Integer> endless = () -> IntStream.generate(asked::incrementAndGet).iterator();
        Promise<?> all = Concurrency.of(3).each(endless, this::start);
        end(1);

        assertThat(asked).hasValue(4);
        all.cancel();
    }

    @Test
    void aMillionItemsThatAreDoneAtOnceNeedNoStack() {
        List<Integer> items = IntStream.range(0, 1_000_000).boxed().toList();

        assertThat(Concurrency.inTurn().reduce(items, Promise::of, 0L, (a, b) -> a + b).state())
                .isEqualTo(new Fulfilled<>(499_999_500_000L));
        assertThat(Promise.of(1)
                        .then(n -> Concurrency.of(4).reduce(items, Promise::of, 0L, (a, b) -> a + b))
                        .state())
                .isEqualTo(new Fulfilled<>(499_999_500_000L));
    }

    @Test
    void functionsRunUnderTheScopeOfTheCaller() {
        Key<String> user = Key.of("user");
        List<String> seen = new ArrayList<>();
        Scope.current().with(user, "ada").run(() -> Concurrency.inTurn().each(List.of(1, 2), n -> {
            seen.add(Scope.current().get(user).orElse("nobody"));
            return start(n);
        }));
        end(1);

        assertThat(seen).containsExactly("ada", "ada");
    }

    @Test
    void atALoopFunctionsRunThereWhoeverEndsTheWork() throws Exception {
        TestLoop loop = new TestLoop();
        List<Thread> threads = new ArrayList<>();
        List<Promise<?>> all = new ArrayList<>();
        loop.turn(() -> all.add(Concurrency.inTurn().each(List.of(1, 2, 3), n -> {
            threads.add(Thread.currentThread());
            return Scope.root().call(() -> start(n));
        })));
        for (int n = 1; n <= 3; n++) {
            int item = n;
            assertThat(Thread.ofPlatform().start(() -> end(item)).join(Duration.ofSeconds(20))).isTrue();
            loop.settle();
        }

        assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
        assertThat(all.getFirst().state()).isEqualTo(new Fulfilled<>(null));
    }

    @Test
    void whereTheHomeHasEndedTheResultIsRejected() throws Exception {
        TestLoop loop = new TestLoop();
        List<Promise<?>> all = new ArrayList<>();
        loop.turn(() -> all.add(Concurrency.inTurn().each(FIVE, n -> Scope.root().call(() -> start(n)))));
        loop.end();
        assertThat(Thread.ofPlatform().start(() -> end(1)).join(Duration.ofSeconds(20))).isTrue();

        assertThat(reason(all.getFirst())).isInstanceOf(RejectedExecutionException.class);
        assertThat(work).containsOnlyKeys(1);
    }

    @Test
    void resultsThatRaceAreAllTaken() throws Exception {
        List<Integer> items = IntStream.range(0, 20_000).boxed().toList();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Promise<Long> sum = Concurrency.of(8).reduce(
                items,
                n -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Resolver<Integer> resolver = Resolver.create();
                    Thread.startVirtualThread(() -> {
                        now.decrementAndGet();
                        resolver.resolve(n);
                    });
                    return resolver.promise();
                },
                0L,
                (a, b) -> a + b);

        assertThat(sum.await()).isEqualTo(199_990_000L);
        assertThat(most.get()).isBetween(2, 8);
    }
}
