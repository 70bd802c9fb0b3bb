package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    @Tag("K-52")
    void aChannelThatNobodyReadsIsCollectedWithItsResults() throws Exception {
        try (Kernel kernel = Kernel.start(2)) {
            WeakReference<Object> result = unread(kernel);
            kernel.broadcast(() -> 1);
            Waits.until(() -> collected(result));
        }
    }

    private static WeakReference<Object> unread(Kernel kernel) {
        Object result = new Object();
        Channel<Object> channel = kernel.channel();
        channel.submit(() -> result);
        return new WeakReference<>(result);
    }

    @Test
    @Tag("K-53")
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
            assertThat(kernel.counters().served()).isEqualTo(100_000);
        }
    }

    private static boolean collected(WeakReference<?> reference) {
        System.gc();
        return reference.get() == null;
    }
}
