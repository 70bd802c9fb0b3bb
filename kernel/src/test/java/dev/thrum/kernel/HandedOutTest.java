package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
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
