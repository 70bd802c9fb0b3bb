package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.loop.EventLoop;
import dev.thrum.parallel.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The algorithms of `parallel`, asked for by a handler on a loop.
class ParallelLawTest {

    @Test
    @Tag("A-92.1")
    void workStartedOnALoopComesHome() {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger sum = new AtomicInteger();
        try (Kernel kernel = Kernel.start(2)) {
            EventLoop.run(loop -> Parallel.on(kernel)
                    .range(0, 1001)
                    .reduceInts(0, n -> n, Integer::sum)
                    .start()
                    .tap(all -> {
                        sum.set(all);
                        threads.add(Thread.currentThread());
                    }));
        }
        assertThat(sum).hasValue(500_500);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    @Tag("A-92.1")
    void progressComesHome() {
        List<Thread> threads = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        try (Kernel kernel = Kernel.start(2)) {
            EventLoop.run(loop -> Parallel.on(kernel)
                    .withProgress((now, total) -> {
                        threads.add(Thread.currentThread());
                        done.add(now);
                        assertThat(total).isEqualTo(1000);
                    })
                    .range(0, 1000)
                    .parts(500)
                    .forEach(n -> {})
                    .start());
        }
        assertThat(threads).isNotEmpty().containsOnly(Thread.currentThread());
        assertThat(done).isSorted().endsWith(1000L);
    }

    @Test
    @Tag("A-92.1")
    void aLoopMustNotWaitForWork() {
        try (Kernel kernel = Kernel.start(1)) {
            EventLoop.run(loop -> assertThatThrownBy(
                            () -> Parallel.on(kernel).range(0, 10).forEach(n -> {}).run())
                    .isInstanceOf(WrongThreadException.class)
                    .hasMessageStartingWith("a loop must not wait"));
        }
    }
}
