package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PriorityTest {

    private static CountDownLatch block(Kernel kernel) {
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < kernel.workers(); i++) {
            kernel.execute(() -> Waits.on(go));
        }
        Waits.until(() -> kernel.running().size() == kernel.workers());
        return go;
    }

    @Test
    @Tag("K-4.1")
    void withOneWorkerTasksOfOnePriorityRunInOrder() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            Channel<Integer> channel = kernel.channel();
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                int n = i;
                channel.submit(() -> n);
                expected.add(i);
            }
            List<Integer> results = new ArrayList<>();
            channel.receive(5000, results::add);
            assertThat(results).isEqualTo(expected);
        }
    }

    @Test
    @Tag("K-4.2")
    void lowRunsAfterAllDefaultTasksThatWait() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            CountDownLatch go = block(kernel);
            Channel<String> channel = kernel.channel();
            Channel<String> low = channel.at(Priority.LOW);
            for (int i = 0; i < 5; i++) {
                low.submit(() -> "low");
                channel.submit(() -> "default");
            }
            go.countDown();
            List<String> results = new ArrayList<>();
            channel.receive(10, results::add);
            assertThat(results.subList(0, 5)).containsOnly("default");
            assertThat(results.subList(5, 10)).containsOnly("low");
        }
    }

    @EveryTeam
    @Tag("K-4.3")
    void anAgedLowTaskRunsWithinTheBound(int workers) throws Exception {
        try (Kernel kernel = Kernel.start(workers)) {
            CountDownLatch go = block(kernel);
            AtomicInteger before = new AtomicInteger();
            AtomicIntegerArray of = new AtomicIntegerArray(workers);
            CountDownLatch begun = new CountDownLatch(1);
            Channel<Integer> channel = kernel.channel();
            Channel<Integer> low = kernel.channel();
            low.at(Priority.LOW).submit(() -> {
                int ran = before.get();
                begun.countDown();
                return ran;
            });
            for (int i = 0; i < (workers + 1) * Kernel.PATIENCE; i++) {
                channel.submit(() -> {
                    if (of.incrementAndGet(kernel.workerIndex().orElseThrow()) > Kernel.PATIENCE) {
                        Waits.on(begun); // some worker has the low task by now, but may not have got to it
                    }
                    return before.incrementAndGet();
                });
            }
            go.countDown();
            assertThat(low.receive()).isBetween(Kernel.PATIENCE / 2, workers * Kernel.PATIENCE);
        }
    }

    @Test
    @Tag("K-16.1")
    void theScopeSaysCategoryAndPriorityWhereTheViewDoesNot() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            Channel<String> channel = kernel.channel();
            Scope scope = Scope.current().with(Task.CATEGORY, "bound").with(Task.PRIORITY, Priority.LOW);
            scope.run(() -> channel.submit(() -> what(kernel)));
            assertThat(channel.receive()).isEqualTo("bound LOW");
            scope.run(() -> channel.in("viewed").at(Priority.DEFAULT).submit(() -> what(kernel)));
            assertThat(channel.receive()).isEqualTo("viewed DEFAULT");
            channel.submit(() -> what(kernel));
            assertThat(channel.receive()).isEqualTo("default DEFAULT");
            assertThat(kernel.in("single").at(Priority.LOW).submit(() -> what(kernel)).await()).isEqualTo("single LOW");
        }
    }

    private static String what(Kernel kernel) {
        Running running = kernel.running().getFirst();
        return running.category() + " " + running.priority();
    }
}
