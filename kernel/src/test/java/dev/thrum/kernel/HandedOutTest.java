package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HandedOutTest {

    private static long fib(Kernel kernel, int n) throws InterruptedException {
        if (n < 2) {
            return n;
        }
        Promise<Long> left = kernel.submit(() -> fib(kernel, n - 1));
        long right = fib(kernel, n - 2);
        return left.await() + right;
    }

    @EveryTeam
    @Tag("K-80")
    void aTaskThatAwaitsWhatItSubmittedDoesItItself(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            assertThat(kernel.submit(() -> fib(kernel, 12)).await()).isEqualTo(144);
        }
    }

    @Test
    @Tag("K-81")
    void aTaskThatAwaitsRunsNoStranger() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            AtomicReference<@Nullable Boolean> strangerCame = new AtomicReference<>();
            AtomicInteger strangers = new AtomicInteger();
            CountDownLatch waits = new CountDownLatch(1);
            Resolver<Integer> late = Resolver.create();
            Promise<Integer> task = kernel.submit(() -> {
                waits.countDown();
                int value = late.promise().await();
                strangerCame.set(strangers.get() > 0);
                return value;
            });
            Waits.on(waits);
            Promise<Integer> stranger = kernel.submit(strangers::incrementAndGet);
            late.resolve(5);
            assertThat(task.await()).isEqualTo(5);
            stranger.await();
            assertThat(strangerCame).hasValue(false);
        }
    }

    @Test
    @Tag("K-81")
    void aTaskInsideOneThatWaitsRunsOnlyItsOwn() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            List<String> order = new ArrayList<>();
            kernel.submit(() -> {
                        Promise<Integer> first = kernel.submit(() -> {
                            order.add("first begins");
                            kernel.submit(() -> order.add("its own")).await();
                            order.add("first ends");
                            return 1;
                        });
                        Promise<Boolean> second = kernel.submit(() -> order.add("second"));
                        first.await();
                        return second.await();
                    })
                    .await();
            assertThat(order).containsExactly("first begins", "its own", "first ends", "second");
        }
    }

    @Test
    @Tag("K-82")
    void aTaskInsideOneThatWaitsCanBeCancelled() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<@Nullable Promise<Integer>> child = new AtomicReference<>();
            Promise<String> task = kernel.submit(() -> {
                child.set(kernel.submit(() -> {
                    begun.countDown();
                    for (; ; ) {
                        Task.checkpoint();
                    }
                }));
                try {
                    child.get().await();
                    return "none";
                } catch (dev.thrum.promise.RejectedPromiseException expected) {
                    return "heard";
                }
            });
            Waits.on(begun);
            child.get().cancel();
            assertThat(task.await()).isEqualTo("heard");
            assertThat(kernel.zombies()).isEmpty();
            assertThat(kernel.counters().strength()).isEqualTo(1);
        }
    }

    @Test
    @Tag("K-82")
    void theCancelOfATaskInTheMiddleEndsWhatRunsInsideIt() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<@Nullable Promise<Integer>> middle = new AtomicReference<>();
            Promise<String> task = kernel.submit(() -> {
                middle.set(kernel.submit(() -> kernel.<Integer>submit(() -> {
                            begun.countDown();
                            for (; ; ) {
                                Task.checkpoint();
                            }
                        })
                        .await()));
                try {
                    middle.get().await();
                    return "none";
                } catch (dev.thrum.promise.RejectedPromiseException expected) {
                    return "heard";
                }
            });
            Waits.on(begun);
            middle.get().cancel();
            assertThat(task.await()).isEqualTo("heard");
            assertThat(kernel.zombies()).isEmpty();
        }
    }

    @Test
    @Tag("K-83")
    void tasksThatEndAreCountedAlsoInsideOthersAndKilledOnesApart() throws Exception {
        Kernel kernel = Kernel.start(1);
        kernel.submit(() -> fib(kernel, 3)).await(); // three tasks: itself, and two inside
        CountDownLatch begun = new CountDownLatch(1);
        Promise<Integer> victim = kernel.in("victim").submit(() -> {
            begun.countDown();
            for (; ; ) {
                Task.checkpoint();
            }
        });
        Waits.on(begun);
        assertThat(kernel.kill("victim")).isEqualTo(1);
        assertThatThrownBy(victim::await).hasCauseInstanceOf(TaskKilledException.class);
        Waits.until(() -> kernel.zombies().isEmpty());
        kernel.submit(() -> 1).await();
        kernel.close(); // tasks are counted after their results are told
        assertThat(kernel.counters().served()).isEqualTo(4);
        assertThat(kernel.counters().killed()).isEqualTo(1);
    }

    @Test
    @Tag("K-84")
    void theDebuggerIsShownTheTaskThatFailedAndNotTheOneThatWaitsForIt() throws Exception {
        List<String> shown = new ArrayList<>();
        try (Kernel kernel = Kernel.start(1, k -> k.withDebugger((problem, task) -> {
            shown.add(problem.getMessage() + " in " + task.category() + ", age known: "
                    + (task.age().compareTo(Duration.ofMinutes(1)) < 0) + ", stack known: " + !task.stack().isEmpty());
            return new TaskHandler.Use(7);
        }))) {
            int value = kernel.in("outer").<Integer>submit(() -> {
                        int got = kernel.in("inner").<Integer>submit(() -> {
                                    throw new IllegalStateException("first");
                                })
                                .await();
                        throw new IllegalStateException("second after " + got);
                    })
                    .await();
            assertThat(value).isEqualTo(7);
            assertThat(shown)
                    .containsExactly(
                            "first in inner, age known: true, stack known: true",
                            "second after 7 in outer, age known: true, stack known: true");
        }
    }

    @Test
    @Tag("K-84")
    void aTaskInsideOneThatWaitsHasItsOwnKernelAsTheCurrentOne() throws Exception {
        try (Kernel kernel = Kernel.start(1);
                Kernel other = Kernel.start(1)) {
            Promise<Kernel> current = kernel.submit(() -> {
                AtomicReference<@Nullable Promise<Kernel>> inner = new AtomicReference<>();
                other.during(() -> inner.set(kernel.submit(Kernel::current)));
                return inner.get().await();
            });
            assertThat(current.await()).isSameAs(kernel);
        }
    }

    @Test
    @Tag("K-82")
    void theKillOfATaskThatWaitsEndsWhatRunsInsideIt() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            Promise<Integer> task = kernel.in("victim").submit(() -> kernel.<Integer>submit(() -> {
                        begun.countDown();
                        for (; ; ) {
                            Task.checkpoint();
                        }
                    })
                    .await());
            Waits.on(begun);
            assertThat(kernel.kill("victim")).isEqualTo(1);
            assertThatThrownBy(task::await).hasCauseInstanceOf(TaskKilledException.class);
            Waits.until(() -> kernel.zombies().isEmpty());
            assertThat(kernel.submit(() -> 1).await()).isEqualTo(1);
        }
    }
}
