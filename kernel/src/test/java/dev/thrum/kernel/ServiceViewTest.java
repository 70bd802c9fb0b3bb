package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ServiceViewTest {
    private final Kernel kernel = Kernel.start(1);
    private final ExecutorService service = kernel.asExecutorService();
    private volatile boolean stop;

    @AfterEach
    void close() {
        stop = true;
        kernel.close();
    }

    private int spin() {
        while (!stop) {
            Thread.onSpinWait();
        }
        return 0;
    }

    private void awaitRunning() {
        Waits.until(() -> kernel.running().size() == 1);
    }

    @Test
    void aTaskHasItsResultOrItsErrorInItsFuture() throws Exception {
        IOException gone = new IOException("gone");
        Callable<Integer> failing = () -> {
            throw gone;
        };
        assertThat(service.submit(() -> 5).get()).isEqualTo(5);
        assertThatThrownBy(() -> service.submit(failing).get()).isInstanceOf(ExecutionException.class).hasCause(gone);
    }

    @Test
    void noCommandIsAnErrorOfTheSender() {
        assertThatNullPointerException().isThrownBy(() -> service.execute(null)).withMessage("command");
    }

    @Test
    void manyTasksAreInvokedTogether() throws Exception {
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
        int sum = 0;
        for (Future<Integer> future : service.invokeAll(tasks)) {
            sum += future.get();
        }
        assertThat(sum).isEqualTo(6);
        assertThat(service.invokeAny(tasks)).isBetween(1, 3);
    }

    @Test
    @Tag("K-59")
    void aKillReachesTheFuture() {
        Future<Integer> future = service.submit(this::spin);
        awaitRunning();
        assertThat(kernel.kill(Task.DEFAULT_CATEGORY)).isEqualTo(1);
        assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(TaskKilledException.class);
    }

    @Test
    @Tag("K-59")
    void cancellingAFutureKillsTheTask() throws Exception {
        Future<Integer> running = service.submit(this::spin);
        Future<Integer> waiting = service.submit(() -> 1);
        awaitRunning();
        assertThat(waiting.cancel(false)).isTrue();
        assertThat(running.cancel(true)).isTrue();
        assertThat(service.submit(() -> 2).get(20, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(kernel.counters().killed()).isEqualTo(1);
    }

    @Test
    @Tag("K-59")
    void shutdownRunsWhatWasSubmitted() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        service.execute(this::spin);
        service.execute(ran::incrementAndGet);
        service.shutdown();
        assertThat(service.isShutdown()).isTrue();
        assertThat(service.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(service.isTerminated()).isFalse();
        stop = true;
        assertThat(service.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service.isTerminated()).isTrue();
        assertThat(ran).hasValue(1);
        assertThatThrownBy(() -> service.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @Tag("K-59")
    void shutdownNowGivesBackWhatHasNotBegunAndKillsTheRest() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        Future<Integer> running = service.submit(this::spin);
        awaitRunning();
        Future<Integer> waiting = service.submit(ran::incrementAndGet);
        List<Runnable> never = service.shutdownNow();
        assertThat(never).hasSize(1);
        assertThatThrownBy(() -> running.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(TaskKilledException.class);
        assertThatThrownBy(() -> waiting.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        never.getFirst().run();
        assertThat(waiting.get()).isEqualTo(1);
        assertThat(service.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("K-59")
    void shutdownNowFreesNoWorkerBeforeEverythingWaitingIsTakenBack() {
        Collection<Runnable> tasks = Collections.nCopies(200, this::spin);
        service.execute(this::spin);
        awaitRunning();
        tasks.forEach(service::execute);
        assertThat(service.shutdownNow()).hasSameSizeAs(tasks);
    }

    @Test
    @Tag("K-58")
    void anInterruptOfAWaitForTheServiceIsHonoured() {
        Future<Integer> future = service.submit(this::spin);
        awaitRunning();
        ChannelTest.interrupted(future::get);
        ChannelTest.interrupted(() -> service.invokeAll(List.of(this::spin)));
        service.shutdown();
        ChannelTest.interrupted(() -> service.awaitTermination(1, TimeUnit.DAYS));
        assertThat(service.isTerminated()).isFalse();
        Thread.currentThread().interrupt();
        service.close(); // kills what runs, as every executor service does when it is interrupted here
        assertThat(Thread.interrupted()).isTrue();
        assertThat(future.exceptionNow()).isInstanceOf(TaskKilledException.class);
    }
}
