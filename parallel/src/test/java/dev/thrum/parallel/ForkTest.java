package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Priority;
import dev.thrum.kernel.Task;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ForkTest {

    static long serial(int n) {
        return n < 2 ? n : serial(n - 1) + serial(n - 2);
    }

    static long fib(Hands hands, int n) {
        if (n < 2) {
            return n;
        }
        if (hands.areFree()) {
            LongFork left = LongFork.start(hands, h -> fib(h, n - 1));
            long right = fib(hands, n - 2);
            return left.join() + right;
        }
        return fib(hands, n - 1) + fib(hands, n - 2);
    }

    private record Tree(int value, List<Tree> children) {
        static Tree of(int depth, int width) {
            List<Tree> children = new ArrayList<>();
            for (int i = 0; i < (depth == 0 ? 0 : width); i++) {
                children.add(of(depth - 1, 1 + (width + i) % 5));
            }
            return new Tree(depth, children);
        }

        int sum() {
            return value + children.stream().mapToInt(Tree::sum).sum();
        }
    }

    private static int sum(Hands hands, Tree tree) {
        int sum = tree.value;
        IntFork forks = null;
        for (Tree each : tree.children) {
            if (hands.areFree()) {
                forks = IntFork.start(hands, h -> sum(h, each), forks);
            } else {
                sum += sum(hands, each);
            }
        }
        return sum + IntFork.sum(forks);
    }

    @EveryTeam
    @Tag("A-113")
    void aFunctionThatForksAtEveryLevelIsEqualToTheSerialOne(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(IntStream.rangeClosed(1, 25)
                        .mapToObj(n -> parallel.forking(hands -> fib(hands, n)).run()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 25).mapToObj(ForkTest::serial).toList()));
    }

    @EveryTeam
    @Tag("A-113")
    void withTheCallerToo(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(
                        parallel.withCaller().forking(hands -> fib(hands, 25)).run())
                .isEqualTo(serial(25)));
    }

    @EveryTeam
    void anyNumberOfChildrenIsJoined(int workers) throws Exception {
        Tree tree = Tree.of(6, 4);
        Kernels.with(workers, parallel -> assertThat(
                        parallel.forking(hands -> sum(hands, tree)).run())
                .isEqualTo(tree.sum()));
    }

    private static List<Integer> leaves(Hands hands, int from, int to) {
        if (to - from == 1) {
            return List.of(from);
        }
        int middle = (from + to) / 2;
        Fork<List<Integer>> right = Fork.start(hands, h -> leaves(h, middle, to));
        List<Integer> all = new ArrayList<>(leaves(hands, from, middle));
        all.addAll(right.join());
        return all;
    }

    @EveryTeam
    void aForkNeedNotAskWhetherHandsAreFree(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(
                        parallel.forking(hands -> leaves(hands, 0, 1000)).run())
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList()));
    }

    @EveryTeam
    @Tag("A-120")
    void whatAForkThrowsIsThrownByItsJoin(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int i = 0; i < 100; i++) {
                int depth = i % 10;
                String caught = parallel.<String>forking(hands -> {
                            try {
                                return "none: " + failing(hands, depth);
                            } catch (IllegalStateException expected) {
                                return expected.getMessage();
                            }
                        })
                        .run();
                assertThat(caught).isEqualTo("at the bottom");
            }
        });
    }

    private static double failing(Hands hands, int depth) {
        if (depth == 0) {
            throw new IllegalStateException("at the bottom");
        }
        DoubleFork fork = DoubleFork.start(hands, h -> failing(h, depth - 1));
        return 1 + fork.join();
    }

    @EveryTeam
    void whatLeavesTheWholeIsThrownByTheRun(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThatThrownBy(
                        () -> parallel.forking(hands -> failing(hands, 5)).run())
                .satisfies(thrown -> assertThat(thrown instanceof IllegalStateException ? thrown : thrown.getCause())
                        .hasMessage("at the bottom")));
    }

    @Test
    void anIdleWorkerTakesAForkWhileItsMakerIsBusy() throws Exception {
        Kernels.with(2, parallel -> {
            AtomicReference<@Nullable Thread> other = new AtomicReference<>();
            Thread mine = parallel.forking(hands -> {
                        CountDownLatch taken = new CountDownLatch(1);
                        Fork<Integer> fork = Fork.start(hands, h -> {
                            other.set(Thread.currentThread());
                            taken.countDown();
                            return 1;
                        });
                        Kernels.on(taken);
                        fork.join();
                        return Thread.currentThread();
                    })
                    .run();
            assertThat(other.get()).isNotNull().isNotEqualTo(mine);
        });
    }

    @EveryTeam
    void aComputationInsideAnotherFinishes(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            AtomicInteger count = new AtomicInteger();
            parallel.range(0, 20)
                    .forEach(i -> parallel.range(0, 20)
                            .forEach(j -> {
                                parallel.forking(hands -> fib(hands, 8)).run();
                                count.incrementAndGet();
                            })
                            .run())
                    .run();
            assertThat(count).hasValue(400);
        });
    }

    @EveryTeam
    @Tag("A-67")
    void letComputesUpToFiveValuesSideBySide(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            CountDownLatch all = new CountDownLatch(Math.min(5, workers));
            IntFunction<Supplier<Integer>> value = n -> () -> {
                all.countDown();
                Kernels.on(all);
                return n;
            };
            assertThat(parallel.let(
                                    value.apply(1),
                                    value.apply(2),
                                    value.apply(3),
                                    value.apply(4),
                                    value.apply(5),
                                    (a, b, c, d, e) -> List.of(a, b, c, d, e))
                            .run())
                    .containsExactly(1, 2, 3, 4, 5);
            assertThat(parallel.let(() -> "a", () -> 2, () -> 'c', () -> 4L, (a, b, c, d) -> a + b + c + d).run())
                    .isEqualTo("a2c4");
            assertThat(parallel.let(() -> "a", () -> 2, () -> 'c', (a, b, c) -> a + b + c).run()).isEqualTo("a2c");
            assertThat(parallel.let(() -> "a", () -> 2, (a, b) -> a + b).run()).isEqualTo("a2");
        });
    }

    @EveryTeam
    @Tag("A-67.1")
    void whatAValueOfLetThrowsIsThrown(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int i = 0; i < 3; i++) {
                int broken = i;
                IntFunction<Supplier<Integer>> value = n -> () -> {
                    if (n == broken) {
                        throw new IllegalStateException("broken " + n);
                    }
                    return n;
                };
                assertThatThrownBy(() -> parallel.let(value.apply(0), value.apply(1), value.apply(2), (a, b, c) -> a + b + c)
                                .run())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("broken " + broken);
            }
        });
    }

    @EveryTeam
    @Tag("A-116")
    void functionsThatForkMayCallEachOther(int workers) throws Exception {
        Kernels.with(workers, parallel -> assertThat(parallel.forking(hands -> evens(hands, 18)).run())
                .isEqualTo(1 << 17));
    }

    /// {@return how many of the numbers of that many bits have an even number of ones}
    private static long evens(Hands hands, int bits) {
        return bits == 0 ? 1 : both(hands, h -> evens(h, bits - 1), h -> odds(h, bits - 1));
    }

    private static long odds(Hands hands, int bits) {
        return bits == 0 ? 0 : both(hands, h -> odds(h, bits - 1), h -> evens(h, bits - 1));
    }

    private static long both(Hands hands, ToLongFunction<Hands> one, ToLongFunction<Hands> other) {
        if (hands.areFree()) {
            LongFork fork = LongFork.start(hands, one);
            return other.applyAsLong(hands) + fork.join();
        }
        return one.applyAsLong(hands) + other.applyAsLong(hands);
    }

    @EveryTeam
    @Tag("A-121")
    void aFunctionMayForkAtLowPriority(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int i = 0; i < 10; i++) {
                assertThat(Scope.current()
                                .with(Task.PRIORITY, Priority.LOW)
                                .call(() -> parallel.forking(hands -> fib(hands, 20)).run()))
                        .isEqualTo(6765);
            }
        });
    }
}
