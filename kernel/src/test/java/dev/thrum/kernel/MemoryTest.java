package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final int ROUNDS = (int) Math.min(100, Long.getLong("thrum.stress.millis", 300) / 20); // of 10,000

    @Test
    @Tag("K-52")
    void aChannelThatNobodyReadsIsCollectedWithItsResults() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            WeakReference<Object> result = unread(kernel.channel());
            kernel.broadcast(() -> 1);
            Waits.until(() -> collected(result));
        }
    }

    private static WeakReference<Object> unread(Channel<Object> channel) {
        Object result = new Object();
        channel.submit(() -> result);
        return new WeakReference<>(result);
    }

    @Test
    @Tag("K-52")
    void aReceivedResultIsHeldByNothing() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            Channel<@Nullable Object> channel = kernel.channel();
            channel.submit(Object::new);
            WeakReference<@Nullable Object> result = new WeakReference<>(channel.receive());
            Waits.until(() -> collected(result));
            assertThat(channel.tryReceive()).isEmpty();
        }
    }

    @Test
    @Tag("K-54")
    void tasksWithMoreResultsThanTheHeapHasRoomForLeaveNothingBehind() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            Channel<byte[]> channel = kernel.channel();
            for (int i = 0; i < 100; i++) {
                for (int j = 0; j < 1000; j++) {
                    channel.submit(() -> new byte[20_000]); // together twice what the heap has
                }
                channel.receive(1000, each -> {});
            }
            Waits.until(() -> kernel.counters().served() == 100_000); // counted after the result is told
        }
    }

    @Test
    @Tag("K-54")
    void aMillionTasksAndTheirResultsFitIntoASmallHeap() throws Exception {
        Process process = Forked.start(List.of("-Xmx8m", "-XX:+UseSerialGC"), Million.class, "1000000");
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.inputReader().readLine()).isEqualTo("1000000");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    @Tag("K-54")
    void ofManyTasksAndResultsNothingIsLeft() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            Channel<Object> channel = kernel.channel();
            List<WeakReference<?>> samples = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                sample(channel, samples);
                for (int j = 1; j < 10_000; j++) {
                    channel.submit(Object::new);
                }
                channel.receive(9_999, each -> {});
                samples.add(new WeakReference<>(channel.receive()));
            }
            assertThat(kernel.broadcast(() -> 1)).hasSize(2); // so that no worker is in the midst of a task
            Waits.until(() -> samples.stream().allMatch(MemoryTest::collected));
            assertThat(channel.tryReceive()).isEmpty();
        }
    }

    /// Sends a task that is an object of its own.
    private static void sample(Channel<Object> channel, List<WeakReference<?>> samples) {
        Object result = new Object();
        Callable<Object> task = () -> result;
        samples.add(new WeakReference<>(task));
        samples.add(new WeakReference<>(result));
        channel.submit(task);
    }

    @Test
    @Tag("K-52")
    void aBoundedChannelThatNobodyReadsIsCollectedWithItsResults() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            WeakReference<Object> result = unread(kernel.channel(1));
            kernel.broadcast(() -> 1);
            Waits.until(() -> collected(result));
        }
    }

    @Test
    @Tag("K-52.1")
    void aFullChannelThatNobodyRefersToRunsWhatItHeldBackAndIsCollected() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            AtomicInteger ran = new AtomicInteger();
            WeakReference<Object> result = abandoned(kernel.channel(1), ran);
            Waits.until(() -> collected(result));
            Waits.until(() -> ran.get() == 20);
            assertThat(kernel.counters().held()).isZero();
            assertThat(kernel.whyWaiting()).isEmpty();
        }
    }

    private static WeakReference<Object> abandoned(Channel<Object> full, AtomicInteger ran) {
        Object result = new Object();
        full.submit(() -> result);
        for (int i = 0; i < 20; i++) {
            full.in("held").submit(ran::incrementAndGet);
        }
        assertThat(full.held()).isEqualTo(20);
        return new WeakReference<>(result);
    }

    @Test
    @Tag("K-54.1")
    void ofManyPromisesUnderOneScopeNothingIsLeft() throws Exception {
        Scope request = Scope.current().child();
        try (Kernel kernel = Kernel.start(2)) {
            List<WeakReference<?>> samples = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 500; j++) {
                    Promise<Object> promise = request.call(() -> kernel.submit(Object::new));
                    if (j % 100 == 0) {
                        samples.add(new WeakReference<>(promise.await()));
                        samples.add(new WeakReference<>(promise));
                    }
                }
            }
            kernel.broadcast(() -> 1);
            Waits.until(() -> samples.stream().allMatch(MemoryTest::collected));
        }
        assertThat(request.cancelled()).isFalse();
    }

    @Test
    @Tag("K-54.2")
    void aClosedKernelIsCollected() throws Exception {
        WeakReference<Kernel> kernel = closed();
        Waits.until(() -> collected(kernel));
    }

    private static WeakReference<Kernel> closed() throws InterruptedException {
        Kernel kernel = Kernel.start(2);
        Channel<Integer> full = kernel.channel(1);
        for (int i = 0; i < 3; i++) {
            full.submit(() -> 1);
        }
        full.receive();
        kernel.close();
        return new WeakReference<>(kernel);
    }

    private static boolean collected(WeakReference<?> reference) {
        if (reference.get() != null) {
            System.gc();
        }
        return reference.get() == null;
    }
}
