package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Task;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static final List<Integer> NUMBERS = IntStream.range(0, 1000).boxed().toList();

    @EveryTeam
    @Tag("A-90.1")
    void aFailureIsToldWithTheIndexOfItsElement(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            assertThatThrownBy(() -> parallel.over(NUMBERS)
                            .map(n -> {
                                if (n == 371) {
                                    throw new IllegalStateException("broken");
                                }
                                return n;
                            })
                            .run())
                    .isInstanceOfSatisfying(PieceException.class, e -> assertThat(e.index()).isEqualTo(371))
                    .hasMessage("failed at element 371: java.lang.IllegalStateException: broken")
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> parallel.range(100, 200).toLongs(n -> 1 / (n - 150)).run())
                    .isInstanceOfSatisfying(PieceException.class, e -> assertThat(e.index()).isEqualTo(50));
            assertThatThrownBy(() -> parallel.over(NUMBERS.iterator()).forEach(n -> n = 1 / (n - 500)).run())
                    .isInstanceOfSatisfying(PieceException.class, e -> assertThat(e.index()).isEqualTo(500));
        });
    }

    @Test
    @Tag("A-90.2")
    void aFailureStopsTheOthersBeforeItIsTold() throws Exception {
        Kernels.with(2, parallel -> {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger met = new AtomicInteger();
            CountDownLatch both = new CountDownLatch(2);
            assertThatThrownBy(() -> parallel.over(NUMBERS)
                            .parts(1000)
                            .forEach(n -> {
                                running.incrementAndGet();
                                met.incrementAndGet();
                                both.countDown();
                                Kernels.on(both);
                                running.decrementAndGet();
                                throw new IllegalStateException();
                            })
                            .run())
                    .isInstanceOf(PieceException.class);
            assertThat(running).hasValue(0);
            assertThat(met).hasValue(2);
        });
    }

    @EveryTeam
    @Tag("A-90.3")
    void toEndMeetsEveryElementAndTellsAllFailures(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            AtomicInteger met = new AtomicInteger();
            assertThatThrownBy(() -> parallel.toEnd()
                            .over(NUMBERS)
                            .forEach(n -> {
                                met.incrementAndGet();
                                if (n % 300 == 299) {
                                    throw new IllegalStateException("broken " + n);
                                }
                            })
                            .run())
                    .isInstanceOfSatisfying(PieceException.class, e -> {
                        assertThat(e.index()).isEqualTo(299);
                        assertThat(e.getSuppressed())
                                .extracting(each -> ((PieceException) each).index())
                                .containsExactly(599L, 899L);
                    });
            assertThat(met).hasValue(1000);
        });
    }

    @Test
    @Tag("A-90.4")
    void anErrorIsThrownAsItIs() throws Exception {
        Kernels.with(2, parallel -> assertThatThrownBy(() -> parallel.over(NUMBERS)
                        .forEach(n -> {
                            throw new AssertionError("machine");
                        })
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessage("machine"));
    }

    @Test
    @Tag("A-90.5")
    void inAPromiseTheReasonIsTheOriginalWithItsIndex() throws Exception {
        Kernels.with(2, parallel -> {
            Promise<List<Integer>> promise = parallel.over(NUMBERS)
                    .<Integer>map(n -> {
                        throw new UncheckedIOException(new IOException("lost"));
                    })
                    .start();
            assertThatThrownBy(promise::await)
                    .isInstanceOf(RejectedPromiseException.class)
                    .cause()
                    .isInstanceOf(UncheckedIOException.class)
                    .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageStartingWith("at element "));
        });
    }

    /// Every algorithm, busy for ever in each of its elements.
    private static List<Function<Parallel, Work<?>>> endless(CountDownLatch begun) {
        Function<Integer, Integer> busy = n -> {
            begun.countDown();
            for (; ; ) {
                Task.checkpoint(); // no look at the scope: what it throws itself might come before the reason
            }
        };
        return List.of(
                parallel -> parallel.over(NUMBERS).map(busy),
                parallel -> parallel.over(NUMBERS).mapInto(new Integer[1000], busy),
                parallel -> parallel.over(NUMBERS).forEach(busy::apply),
                parallel -> parallel.over(NUMBERS).flatMap(n -> List.of(busy.apply(n))),
                parallel -> parallel.over(NUMBERS).reduce((a, b) -> busy.apply(a)),
                parallel -> parallel.over(NUMBERS).mapReduce(busy, 0, Integer::sum),
                parallel -> parallel.over(NUMBERS).partials((a, b) -> busy.apply(a)),
                parallel -> parallel.over(NUMBERS).sort(Comparator.comparing(busy)),
                parallel -> parallel.over(NUMBERS).matching(n -> busy.apply(n) > 0).every(),
                parallel -> parallel.over(NUMBERS).matching(n -> busy.apply(n) > 0).count(),
                parallel -> parallel.over(NUMBERS).matching(n -> busy.apply(n) > 0).findFirst(),
                parallel -> parallel.over(NUMBERS).matching(n -> busy.apply(n) > 0).partition(),
                parallel -> parallel.over(NUMBERS.iterator()).map(busy),
                parallel -> parallel.over(NUMBERS.spliterator()).map(busy),
                parallel -> parallel.over(NUMBERS).zip(NUMBERS, (a, b) -> busy.apply(a)).map(n -> n),
                parallel -> parallel.sort(NUMBERS.toArray(Integer[]::new), Comparator.comparing(busy)),
                parallel -> parallel.range(0, 1000).forEach(busy::apply),
                parallel -> parallel.range(0, 1000).map(busy::apply),
                parallel -> parallel.range(0, 1000).toDoubles(busy::apply),
                parallel -> parallel.range(0, 1000).reduceLongs(0, busy::apply, Long::sum),
                parallel -> parallel.range(0, 1000).reduceSlices(0, (low, high) -> busy.apply(low), Integer::sum),
                parallel -> parallel.let(() -> busy.apply(1), () -> busy.apply(2), Integer::sum),
                parallel -> parallel.<Integer>tasks(List.of(() -> busy.apply(1), () -> busy.apply(2))).all(),
                parallel -> parallel.<Integer>tasks(List.of(() -> busy.apply(1), () -> busy.apply(2))).every(n -> n > 0),
                parallel -> tree(parallel, busy).call(Ptree.name(1)),
                parallel -> parallel.forking(hands -> {
                    begun.countDown();
                    return ForkTest.fib(hands, 100);
                }));
    }

    private static Ptree tree(Parallel parallel, Function<Integer, Integer> body) {
        Ptree tree = parallel.ptree();
        tree.define(Ptree.<Integer>name(1), Ptree.<Integer>name(2), n -> n);
        tree.define(Ptree.<Integer>name(2), () -> body.apply(2));
        return tree;
    }

    @EveryTeam
    @Tag("A-91.1")
    void aKillInTheMidstOfAnyAlgorithmLeavesTheKernelWhole(int workers) throws Exception {
        for (int i = 0; i < endless(new CountDownLatch(1)).size(); i++) {
            CountDownLatch begun = new CountDownLatch(1);
            Function<Parallel, Work<?>> algorithm = endless(begun).get(i);
            Kernels.with(workers, parallel -> {
                Promise<?> promise =
                        Scope.current().with(Task.CATEGORY, "victim").call(() -> algorithm.apply(parallel).start());
                Kernels.on(begun);
                assertThat(parallel.kernel().kill("victim")).isPositive();
                assertThatThrownBy(promise::await).hasCauseInstanceOf(TaskKilledException.class);
            });
        }
    }

    @EveryTeam
    @Tag("A-91.2")
    void aCancellationInTheMidstOfAnyAlgorithmLeavesTheKernelWhole(int workers) throws Exception {
        for (int i = 0; i < endless(new CountDownLatch(1)).size(); i++) {
            CountDownLatch begun = new CountDownLatch(1);
            Function<Parallel, Work<?>> algorithm = endless(begun).get(i);
            Kernels.with(workers, parallel -> {
                Scope scope = Scope.current().child();
                Promise<?> promise = scope.call(() -> algorithm.apply(parallel).start());
                Kernels.on(begun);
                scope.cancel(new IOException("gone"));
                assertThatThrownBy(promise::await).hasCauseInstanceOf(IOException.class);
            });
        }
    }

    @EveryTeam
    @Tag("A-91.3")
    void aDeadlineInTheMidstOfAnyAlgorithmLeavesTheKernelWhole(int workers) throws Exception {
        for (Function<Parallel, Work<?>> algorithm : endless(new CountDownLatch(1))) {
            Kernels.with(workers, parallel -> assertThatThrownBy(() -> Scope.current()
                            .within(Duration.ofMillis(10))
                            .run(() -> algorithm.apply(parallel).run()))
                    .isInstanceOf(CancellationException.class));
        }
    }

    @Test
    @Tag("A-91.4")
    void aDeadlineEndsTheCallersPartAtItsNextCheckpoint() throws Exception {
        Kernels.with(1, parallel -> assertThatThrownBy(() -> Scope.current()
                        .within(Duration.ofMillis(10))
                        .run(() -> parallel.withCaller()
                                .forking(hands -> ForkTest.fib(hands, 100))
                                .run()))
                .isInstanceOf(CancellationException.class));
    }

    @Test
    @Tag("A-91.5")
    void cancellingThePromiseEndsTheWork() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            Promise<?> promise = endless(begun).getFirst().apply(parallel).start();
            Kernels.on(begun);
            promise.cancel();
        });
    }

    @Test
    @Tag("A-91.6")
    void anInterruptOfWhoeverWaitsEndsTheWorkAndIsKept() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            List<Boolean> interrupted = new ArrayList<>();
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    endless(begun).getFirst().apply(parallel).run();
                } catch (CancellationException expected) {
                    thrown.set(expected);
                    interrupted.add(Thread.currentThread().isInterrupted());
                }
            });
            Kernels.on(begun);
            waiting.interrupt();
            waiting.join(20_000);
            assertThat(thrown.get()).hasCauseInstanceOf(InterruptedException.class);
            assertThat(interrupted).containsExactly(true);
        });
    }

    @Test
    void withoutAKernelTheErrorSaysHowToMakeOne() {
        assertThatThrownBy(() -> Parallel.current().range(0, 3).forEach(n -> {}).run())
                .isInstanceOf(dev.thrum.kernel.NoKernelException.class);
    }

    @Test
    @Tag("A-92.2")
    void piecesRunUnderTheScopeOfTheCaller() throws Exception {
        Kernels.with(2, parallel -> {
            dev.thrum.scope.Key<String> user = dev.thrum.scope.Key.of("user");
            List<String> seen = Scope.current()
                    .with(user, "ada")
                    .call(() -> parallel.range(0, 100)
                            .map(i -> Scope.current().get(user).orElse("nobody"))
                            .run());
            assertThat(seen).hasSize(100).containsOnly("ada");
            List<Kernel> kernels = parallel.range(0, 100).map(i -> Kernel.current()).run();
            assertThat(kernels).containsOnly(parallel.kernel());
        });
    }
}
