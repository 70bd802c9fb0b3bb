package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Dump;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KernelDumpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Map<?, ?> entry(Dump dump) {
        return ((List<?>) dump.content().get("kernels"))
                .stream()
                        .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                        .filter(each -> each.get("name").toString().startsWith("kernel dumped "))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    @Tag("K-90")
    void aKernelShowsWhatItRunsWhatItHasQueuedAndWhoWaitsForIt() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Dump dump;
        try (Kernel kernel = Kernel.start(1, config -> config.withName("dumped"))) {
            Scope.current().with(Scope.WORK, () -> "GET /report").run(() -> {
                kernel.in("reports").submit(() -> {
                    entered.countDown();
                    mayEnd.await();
                    return true;
                });
                kernel.in("next").submit(() -> true);
            });
            entered.await();
            dump = Dump.take(PATIENCE);
            mayEnd.countDown();
        }

        Map<?, ?> entry = entry(dump);
        assertThat(entry.get("busy")).isEqualTo(1);
        assertThat(entry.get("queued")).isEqualTo(1);
        assertThat(entry.get("running").toString())
                .contains("task of category reports", ", in GET /report", "submitted at ", "in worker dumped-0", "CountDownLatch");
        assertThat(entry.get("tasks").toString()).contains("task of category next", ", in GET /report");
        assertThat(dump.toText())
                .containsPattern("GET /report  ->  task of category reports .* in worker dumped-0")
                .containsPattern("GET /report  ->  task of category next .*, which waits for a worker of dumped")
                .containsPattern("GET /report  ->  a promise made at .*KernelDumpTest")
                .containsPattern("task of category reports .* in worker dumped-0  ->  .*CountDownLatch");
        assertThat(Dump.take(PATIENCE).toText()).doesNotContain("kernel dumped ");
    }

    @Test
    @Tag("K-90")
    void aThreadThatAwaitsAPromiseIsSeen() throws InterruptedException {
        try (Kernel kernel = Kernel.start(1, config -> config.withName("dumped"))) {
            CountDownLatch mayEnd = new CountDownLatch(1);
            Promise<Boolean> promise = kernel.submit(() -> {
                mayEnd.await();
                return true;
            });
            Thread waiting = Thread.ofPlatform().name("who-waits").start(() -> {
                try {
                    promise.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            String text = Dump.take(PATIENCE).toText();
            mayEnd.countDown();
            waiting.join();

            assertThat(text).containsPattern("thread who-waits  ->  a promise made at .*KernelDumpTest");
        }
    }
}
