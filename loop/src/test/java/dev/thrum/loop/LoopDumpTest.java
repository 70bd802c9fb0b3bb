package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Dump;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoopDumpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// What a dump says of a loop.
    private static Map<?, ?> entry(Dump dump, String name) {
        return ((List<?>) dump.content().get("loops"))
                .stream()
                        .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                        .filter(each -> each.get("name").equals("loop '" + name + "'"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    @Tag("L-87")
    void aLoopTellsItsHandlesAndWhereTheyWereMade() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        Dump[] dump = new Dump[1];
        EventLoop.run(LoopConfig.named("dumped"), loop -> {
            loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {}).unref();
            Scope.current().child(Scope.WORK, () -> "GET /slow").run(() -> loop.notifier(() -> {}).unref());
            loop.after(Duration.ofDays(1), () -> {}).unref();
            dump[0] = Dump.take(PATIENCE);
        });
        pipe.source().close();
        pipe.sink().close();

        Map<?, ?> entry = entry(dump[0], "dumped");
        assertThat(entry.get("answers")).isEqualTo(true);
        assertThat(entry.get("sockets").toString()).contains("poll of ", "made at ", LoopDumpTest.class.getName());
        assertThat(entry.get("handles").toString())
                .contains("notifier of ", "made at ", LoopDumpTest.class.getName(), ", in GET /slow, unreferenced");
        assertThat(entry.get("timers").toString()).contains("timer of ");
        assertThat((Long) entry.get("nextTimerMillis")).isPositive();
        assertThat(entry.get("doing").toString()).contains("posted work");
        assertThat(Dump.take(PATIENCE).toText()).doesNotContain("loop 'dumped'");
    }

    @Test
    @Tag("L-87")
    void aLoopThatIsStuckIsSeenFromOutside() throws InterruptedException {
        EventLoop loop = EventLoop.start("stuck");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Scope.current().with(Scope.WORK, () -> "GET /park").run(() -> loop.execute(() -> {
            entered.countDown();
            awaitThrough(mayGoOn);
        }));
        entered.await();
        loop.post(() -> {});
        loop.post(() -> {});

        Dump dump = Dump.take(Duration.ofSeconds(2));
        mayGoOn.countDown();

        Map<?, ?> entry = entry(dump, "stuck");
        assertThat(entry.get("answers")).isEqualTo(false);
        assertThat(entry.get("doing").toString()).startsWith("posted work").endsWith(", in GET /park");
        assertThat(entry.get("stack").toString()).contains("LoopDumpTest.awaitThrough");
        assertThat(entry.get("parkedFor").toString()).contains("CountDownLatch");
        assertThat((Integer) entry.get("posted")).isGreaterThanOrEqualTo(2);
        assertThat(dump.content().get("waits").toString()).contains("all that belongs to loop 'stuck'", ", in GET /park");
        loop.exit();
        assertThat(loop.awaitEnd(PATIENCE)).isTrue();
    }

    private static void awaitThrough(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
