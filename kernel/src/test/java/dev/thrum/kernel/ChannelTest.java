package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private static final Key<String> USER = Key.of("user");

    private @Nullable Kernel kernel;

    private Kernel kernel(int workers) {
        return kernel = Kernel.start(workers, k -> k.withName("channel-test"));
    }

    @AfterEach
    void close() {
        if (kernel != null) {
            kernel.close();
        }
    }

    @EveryTeam
    @Tag("K-1")
    void fourTasksGiveFourResults(int workers) throws Exception {
        Channel<Integer> channel = kernel(workers).channel();
        for (int i = 3; i < 7; i++) {
            int n = i;
            channel.submit(() -> n);
        }
        List<Integer> results = new ArrayList<>();
        channel.receive(4, results::add);
        assertThat(results).containsExactlyInAnyOrder(3, 4, 5, 6);
    }

    @EveryTeam
    @Tag("K-4")
    void aThousandEmptyTasksReturnNullOneByOne(int workers) throws Exception {
        Channel<@Nullable Object> channel = kernel(workers).channel();
        for (int i = 0; i < 1000; i++) {
            channel.submit(() -> null);
            assertThat(channel.receive()).isNull();
        }
    }

    @EveryTeam
    @Tag("K-4")
    void aThousandEmptyTasksOfEachPriorityReturnNullInBulk(int workers) throws Exception {
        Channel<@Nullable Object> channel = kernel(workers).channel();
        Channel<@Nullable Object> low = channel.at(Priority.LOW);
        for (int i = 0; i < 1000; i++) {
            channel.submit(() -> null);
            low.submit(() -> null);
        }
        List<Object> results = new ArrayList<>();
        channel.receive(2000, results::add);
        assertThat(results).hasSize(2000).containsOnlyNulls();
    }

    @EveryTeam
    @Tag("K-6")
    void aChannelWithRoomForOneTakesThreeTasks(int workers) throws Exception {
        Channel<Integer> channel = kernel(workers).channel(1);
        channel.submit(() -> 1);
        channel.submit(() -> 2);
        channel.submit(() -> 3);
        assertThat(List.of(channel.receive(), channel.receive(), channel.receive())).containsExactly(1, 2, 3);
    }

    @EveryTeam
    @Tag("K-6.1")
    void aFullChannelHoldsTasksBackAndKeepsNoWorker(int workers) throws Exception {
        Channel<Integer> full = kernel(workers).channel(1);
        IntStream.range(0, 20).forEach(i -> full.submit(() -> i));
        Channel<String> other = kernel().channel();
        other.submit(() -> "free");
        assertThat(other.receive()).isEqualTo("free");
        assertThat(full.held()).isEqualTo(19);
        assertThat(full).asString().startsWith("channel to channel-test, capacity 1, held back 19, made at ");
        assertThat(kernel().counters().held()).isEqualTo(19);
        for (int i = 0; i < 20; i++) {
            assertThat(full.receive()).isEqualTo(i);
        }
        assertThat(full.held()).isZero();
        assertThat(kernel().counters().held()).isZero();
    }

    @EveryTeam
    @Tag("K-6.2")
    void whatAFullChannelHoldsBackIsRunWhenTheKernelEnds(int workers) throws Exception {
        Channel<Integer> full = kernel(workers).channel(1);
        IntStream.range(0, 20).forEach(i -> full.submit(() -> i));
        kernel().close();
        List<Integer> results = new ArrayList<>();
        full.receive(20, results::add);
        assertThat(results).hasSize(20);
    }

    @EveryTeam
    @Tag("K-7")
    void tryReceiveTakesWhatIsThere(int workers) {
        Channel<Integer> channel = kernel(workers).channel();
        assertThat(channel.tryReceive()).isEmpty();
        channel.submit(() -> 7);
        Waits.until(() -> kernel().counters().served() == 1 && kernel().counters().busy() == 0);
        assertThat(channel.tryReceive()).contains(new Received<>(7));
        assertThat(channel.tryReceive()).isEmpty();
    }

    @EveryTeam
    @Tag("K-8")
    void receiveWithATimeoutWaitsThatLong(int workers) throws Exception {
        Channel<Integer> channel = kernel(workers).channel();
        long before = System.nanoTime();
        assertThat(channel.receive(Duration.ofMillis(20))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        channel.submit(() -> 7);
        assertThat(channel.receive(Duration.ofSeconds(20))).contains(new Received<>(7));
    }

    @Test
    @Tag("K-8")
    void aTimeoutThatIsNotPositiveOnlyLooks() throws Exception {
        Channel<Integer> channel = kernel(1).channel();
        assertThat(channel.receive(Duration.ZERO)).isEmpty();
        assertThat(channel.receive(Duration.ofSeconds(-1))).isEmpty();
    }

    @EveryTeam
    @Tag("K-8.1")
    void tinyTimeoutsNeitherBlockNorFail(int workers) throws Exception {
        Channel<Integer> channel = kernel(workers).channel();
        for (long nanos = 1; nanos < 1_000_000; nanos *= 10) {
            assertThat(channel.receive(Duration.ofNanos(nanos))).isEmpty();
        }
        channel.submit(() -> 7);
        Waits.until(() -> kernel().counters().served() == 1 && kernel().counters().busy() == 0);
        assertThat(channel.receive(Duration.ofNanos(1))).contains(new Received<>(7));
        assertThatNullPointerException().isThrownBy(() -> channel.receive(null)).withMessage("timeout");
    }

    @Test
    @Tag("K-7.1")
    void aNullResultIsNotNothing() throws Exception {
        Channel<@Nullable Object> channel = kernel(1).channel();
        channel.submit(() -> null);
        Optional<Received<@Nullable Object>> received = channel.receive(Duration.ofSeconds(20));
        assertThat(received).isPresent();
        assertThat(received.orElseThrow().value()).isNull();
    }

    @EveryTeam
    @Tag("K-9")
    void anErrorIsRaisedAtTheReceiveWithItsOriginalAsTheCause(int workers) throws Exception {
        Channel<Integer> channel = kernel(workers).channel();
        IOException original = new IOException("no such thing");
        channel.submit(() -> {
            throw original;
        });
        TaskException failed = catchThrowableOfType(TaskException.class, channel::receive);
        assertThat(failed).hasCause(original).hasMessageContaining("no such thing");
        assertThat(failed.getStackTrace()).anyMatch(frame -> frame.getClassName().startsWith(ChannelTest.class.getName()));
        assertThat(Thread.currentThread()).isNotInstanceOf(Worker.class);
    }

    @EveryTeam
    @Tag("K-21")
    void anErrorOfTheMachineEndsTheTaskAndNoWorker(int workers) throws Exception {
        Channel<Integer> channel = kernel(workers).channel();
        Callable<Integer> overflow = () -> overflow(0);
        Callable<Integer> outOfMemory = () -> {
            long[][] all = new long[64][];
            for (int i = 0; i < all.length; i++) {
                all[i] = new long[Integer.MAX_VALUE]; // more than any test has
            }
            return all.length;
        };
        for (Callable<Integer> task : List.of(overflow, outOfMemory)) {
            for (int i = 0; i < workers; i++) {
                channel.submit(task);
            }
            for (int i = 0; i < workers; i++) {
                assertThatThrownBy(channel::receive).isInstanceOf(TaskException.class).hasCauseInstanceOf(VirtualMachineError.class);
            }
        }
        assertThat(kernel().counters().strength()).isEqualTo(workers);
        channel.submit(() -> 1);
        assertThat(channel.receive()).isEqualTo(1);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int overflow(int n) {
        return overflow(n + 1) + 1;
    }

    @Test
    void resultsComeInTheOrderTheyAreDone() throws Exception {
        Channel<String> channel = kernel(2).channel();
        CountDownLatch second = new CountDownLatch(1);
        channel.submit(() -> {
            Waits.on(second);
            return "first submitted";
        });
        channel.submit(() -> "second submitted");
        assertThat(channel.receive()).isEqualTo("second submitted");
        second.countDown();
        assertThat(channel.receive()).isEqualTo("first submitted");
    }

    @Test
    void viewsShareOneLineOfResults() throws Exception {
        Channel<Integer> channel = kernel(1).channel();
        channel.at(Priority.LOW).in("reports").submit(() -> 1);
        assertThat(channel.receive()).isEqualTo(1);
    }

    @Test
    void aTaskRunsUnderTheScopeOfItsSenderWithoutItsHome() throws Exception {
        Channel<String> channel = kernel(1).channel();
        Scope.current().with(USER, "ann").run(() -> channel.submit(() -> Scope.current().get(USER).orElse("nobody")));
        assertThat(channel.receive()).isEqualTo("ann");
        channel.submit(() -> Scope.current().get(USER).orElse("nobody"));
        assertThat(channel.receive()).isEqualTo("nobody");
    }

    /// Interrupts a thread that does `wait`, once it sleeps, and sees that it hears of that.
    static void interrupted(Callable<?> wait) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                outcome.complete(wait.call());
            } catch (Throwable problem) {
                outcome.completeExceptionally(problem);
            }
        });
        Waits.until(() -> waiting.getState() == Thread.State.WAITING || waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        Waits.join(waiting);
        assertThat(outcome).isCompletedExceptionally();
        assertThat(outcome.exceptionNow()).isInstanceOf(InterruptedException.class);
    }

    @Test
    @Tag("K-58")
    void anInterruptOfTheReceiverLosesNothing() throws Exception {
        Channel<Integer> channel = kernel(1).channel();
        Thread.currentThread().interrupt();
        assertThatThrownBy(channel::receive).isInstanceOf(InterruptedException.class);
        interrupted(channel::receive);
        interrupted(() -> channel.receive(Duration.ofDays(1)));
        channel.submit(() -> 5);
        assertThat(channel.receive()).isEqualTo(5);
    }

    @Test
    @Tag("K-58")
    void anInterruptOfABulkReceiveLeavesTheResultsToCome() throws Exception {
        Channel<Integer> channel = kernel(1).channel();
        List<Integer> first = Collections.synchronizedList(new ArrayList<>());
        channel.submit(() -> 1);
        Waits.until(() -> kernel().counters().served() == 1);
        interrupted(() -> {
            channel.receive(2, first::add);
            return first;
        });
        channel.submit(() -> 2);
        assertThat(channel.receive()).isEqualTo(2);
        assertThat(first).containsExactly(1);
    }

    @Test
    @Tag("K-58")
    void anInterruptOfABatchLosesNothing() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Batch<Integer> batch = kernel(1).batch();
        batch.submit(() -> 6);
        batch.submit(() -> {
            Waits.on(go);
            return 7;
        });
        Waits.until(() -> kernel().counters().served() == 1);
        interrupted(batch::receiveAll);
        assertThat(batch.pending()).isEqualTo(2);
        assertThat(batch.receive()).isEqualTo(6);
        interrupted(batch::receive);
        assertThat(batch.pending()).isEqualTo(1);
        go.countDown();
        assertThat(batch.receiveAll()).containsExactly(7);
    }

    @Test
    @Tag("K-58")
    void aBroadcastWhoseSenderIsInterruptedStillRunsInEveryWorker() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        Channel<Integer> channel = kernel(2).channel();
        channel.submit(() -> {
            Waits.on(go);
            return 0;
        });
        interrupted(() -> kernel().broadcast(ran::incrementAndGet));
        go.countDown();
        assertThat(kernel().broadcast(() -> 1)).hasSize(2);
        assertThat(ran).hasValue(2);
    }

    @Test
    void badArgumentsAreRefused() {
        Channel<Integer> channel = kernel(1).channel();
        assertThatIllegalArgumentException().isThrownBy(() -> kernel().channel(0)).withMessage("capacity must be at least 1: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.receive(-1, each -> {}))
                .withMessage("count must not be negative: -1");
        assertThatNullPointerException().isThrownBy(() -> channel.in(null)).withMessage("category");
    }

    private Kernel kernel() {
        return java.util.Objects.requireNonNull(kernel);
    }
}
