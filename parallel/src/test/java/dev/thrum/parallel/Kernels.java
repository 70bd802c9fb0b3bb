package dev.thrum.parallel;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.thrum.kernel.Channel;
import dev.thrum.kernel.Kernel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What the tests ask of a kernel, and how they wait.
final class Kernels {
    private static final long LIMIT = SECONDS.toNanos(20);

    private Kernels() {}

    interface Body {
        void run(Parallel parallel) throws Exception;
    }

    /// Runs `body` with a new kernel, and sees that the kernel is whole and idle at the end.
    static void with(int workers, Body body) throws Exception {
        try (Kernel kernel = Kernel.start(workers, k -> k.withName("parallel-test"))) {
            body.run(Parallel.on(kernel));
            assertWhole(kernel);
        }
    }

    /// Sees that all workers are there, and that nothing runs.
    static void assertWhole(Kernel kernel) throws InterruptedException {
        until(() -> kernel.running().isEmpty());
        until(() -> kernel.counters().strength() == kernel.workers());
        CountDownLatch together = new CountDownLatch(kernel.workers());
        Channel<Integer> channel = kernel.channel();
        for (int i = 0; i < kernel.workers(); i++) {
            channel.submit(() -> {
                together.countDown();
                on(together);
                return 1;
            });
        }
        for (int i = 0; i < kernel.workers(); i++) {
            channel.receive(Duration.ofSeconds(20)).orElseThrow();
        }
        until(() -> kernel.zombies().isEmpty());
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not happen in time");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    static void on(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT, java.util.concurrent.TimeUnit.NANOSECONDS)) {
                throw new AssertionError("it did not happen in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
