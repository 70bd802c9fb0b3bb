package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A callback blocks until the watchdog has said so: only a report while it runs lets it go on.
@Timeout(60)
class WatchdogTest {
    private static final Key<String> USER = Key.of("user");

    private final LoopConfig config = LoopConfig.named("watched").withPatience(Duration.ofMillis(20));
    private final CountDownLatch reported = new CountDownLatch(1);
    private final List<BlockedTurn> all = new CopyOnWriteArrayList<>();
    private final List<BlockedTurn> reports = new CopyOnWriteArrayList<>();
    private final Registration listening = Watchdog.listen(this::hear);

    @AfterEach
    void stopListening() {
        listening.close();
    }

    private void hear(BlockedTurn turn) {
        if (turn.loop().equals("watched")) {
            all.add(turn);
            if (turn.place().startsWith("WatchdogTest.block:")) { // on a busy machine what comes before may be late, too
                reports.add(turn);
                reported.countDown();
            }
        }
    }

    private void block() {
        try {
            reported.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Tag("L-80")
    void aTimerThatBlocksIsReportedWhileItRuns() {
        long[] counted = {0};
        EventLoop.run(config, loop -> {
            loop.after(Duration.ofMillis(1), this::block);
            loop.onExit(() -> counted[0] = loop.blockedTurns());
        });
        assertThat(reports.getFirst().callback()).startsWith("timer of");
        assertThat(reports.getFirst().time()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(counted[0]).isPositive();
    }

    @Test
    @Tag("L-81")
    void theWorkOfTheInnermostScopeIsNamed() {
        Scope request = Scope.root().with(Scope.WORK, () -> "GET /x");
        EventLoop.run(config, loop -> loop.after(Duration.ZERO, () -> request.at(loop).run(this::block)));
        assertThat(reports.getFirst().work()).contains("GET /x");
    }

    @Test
    @Tag("L-81")
    void workThatIsOverIsNotNamed() {
        Scope request = Scope.root().with(Scope.WORK, () -> "GET /x");
        EventLoop.run(config, loop -> loop.after(Duration.ZERO, () -> {
            request.at(loop).run(() -> {});
            block();
        }));
        assertThat(reports.getFirst().work()).isEmpty();
    }

    @Test
    @Tag("L-81")
    void postedWorkIsNamedByItsClassAndANotifierByItsAction() {
        EventLoop.run(config, loop -> {
            loop.execute(() -> {});
            loop.notifier(this::block).trigger();
        });
        assertThat(reports.getFirst().callback()).startsWith("notifier of");
    }

    @Test
    @Tag("L-81")
    void aPollIsNamedByItsChannel() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().write(ByteBuffer.allocate(1));
        EventLoop.run(config, loop -> {
            Poll[] poll = new Poll[1];
            poll[0] = loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {
                block();
                poll[0].close();
            });
        });
        assertThat(reports.getFirst().callback()).startsWith("poll of");
    }

    @Test
    @Tag("L-82")
    void aLoopThatOnlyWaitsIsNeverReported() {
        EventLoop.run(config, loop -> {
            loop.after(Duration.ofMillis(150), () -> {});
            loop.every(Duration.ofMillis(1), () -> {}).unref();
        });
        assertThat(all).extracting(BlockedTurn::place).noneMatch(place -> place.startsWith("Poller."));
    }

    @Test
    @Tag("L-83")
    void aListenerRunsUnderTheScopeOfWhoeverAddedItAndItsFailureHurtsNoOther() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        Registration failing = Watchdog.listen(turn -> {
            throw new IllegalStateException("failed on purpose");
        });
        Registration[] scoped = new Registration[1];
        var both = new CountDownLatch(1);
        Scope.root().with(USER, "ada").run(() -> scoped[0] = Watchdog.listen(turn -> {
            heard.add(Scope.current().get(USER).orElse("nobody"));
            both.countDown();
        }));
        EventLoop.run(config, loop -> loop.execute(() -> {
            try {
                both.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        failing.close();
        scoped[0].close();
        assertThat(heard).startsWith("ada");
    }

    @Test
    @Tag("L-83")
    void aReportIsALineInTheLog() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                lines.add(logged.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.thrum.loop");
        logger.addHandler(handler);
        try {
            EventLoop.run(config, loop -> loop.execute(this::block));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .containsPattern("loop 'watched' is blocked for \\d+ ms, \\d+ % in WatchdogTest.block:\\d+, by posted work")
                .containsPattern("\tat \\S*dev\\.thrum\\.loop\\.WatchdogTest\\.block"));
    }

    @Test
    @Tag("L-84")
    void aLoopWithoutPatienceLimitIsNotWatched() {
        EventLoop.run(config.withPatience(Duration.ZERO), loop -> loop.execute(() -> {
            long end = System.nanoTime() + 100_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }));
        assertThat(all).isEmpty();
    }
}
