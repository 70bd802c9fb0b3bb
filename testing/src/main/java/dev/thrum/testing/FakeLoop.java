package dev.thrum.testing;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.ManualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// An event loop whose time is the test's. It needs no thread: it is turned by [#advance] and [#settle].
///
/// ```java
/// try (FakeLoop fake = FakeLoop.create()) {
///     fake.run(loop -> loop.every(Duration.ofMinutes(1), () -> ticks++));
///     fake.advance(Duration.ofHours(1));
///     assertThat(ticks).isEqualTo(60);
/// }
/// ```
///
/// **Threads.** The thread that made it, which is the loop's thread for all that the loop asks of one; so a test may call
/// [#loop]'s methods directly.
/// **Failure.** What nobody handles is collected: a test that does not [take][#takeProblems] it fails at [#close].
public final class FakeLoop implements AutoCloseable {
    private static final int TURNS = 10_000;

    private final ManualLoop loop;
    private final List<Throwable> problems = new ArrayList<>();
    private volatile long now; // nanoseconds; written by the test's thread

    private FakeLoop() {
        LoopConfig config = LoopConfig.named("fake").withOnError(problems::add);
        this.loop = EventLoop.manual(config, () -> now);
    }

    /// {@return a loop at time zero, owned by this thread}
    public static FakeLoop create() {
        return new FakeLoop();
    }

    /// {@return the loop itself}
    public EventLoop loop() {
        return loop;
    }

    /// Runs `body` at once as a callback of the loop: [EventLoop#current] and [dev.thrum.scope.Home#current] are this
    /// loop inside. Then [settles][#settle].
    /// @param body what to run
    /// @throws IllegalStateException if the loop has ended
    public void run(Consumer<? super EventLoop> body) {
        requireNonNull(body, "body");
        loop.runHere(() -> body.accept(loop));
        settle();
    }

    /// Lets time pass. What falls due on the way runs at its own time, in order, with all that follows from it.
    /// @param span how long
    /// @throws IllegalArgumentException if `span` is negative
    /// @throws IllegalStateException if the loop does not come to rest
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("span must not be negative: " + span);
        }
        long until = now + span.toNanos();
        settle();
        while (!loop.isEnded()) {
            OptionalLong next = loop.nextDue();
            if (next.isEmpty() || next.getAsLong() > until) {
                break;
            }
            now = Math.max(now, next.getAsLong());
            settle();
        }
        now = until;
    }

    /// Runs what is to be run without any time passing, and all that follows from it.
    /// @throws IllegalStateException if there is no end to it
    public void settle() {
        for (int turn = 0; turn < TURNS; turn++) {
            if (loop.isEnded() || !loop.turn()) {
                return;
            }
        }
        throw new IllegalStateException("the loop does not come to rest: something was to be run in each of " + TURNS
                + " turns; it waits for " + loop.whyAlive());
    }

    /// {@return how many callbacks wait: timers and posted work}
    public int pending() {
        return loop.pending();
    }

    /// {@return how much time has passed}
    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /// {@return what callbacks threw and nobody handled, in order} It is not reported again.
    public List<Throwable> takeProblems() {
        List<Throwable> taken = List.copyOf(problems);
        problems.clear();
        return taken;
    }

    /// Ends the loop.
    /// @throws AssertionError if there are problems that nobody handled or [took][#takeProblems]
    @Override
    public void close() {
        loop.close();
        if (!problems.isEmpty()) {
            var failure = new AssertionError("nobody handled: " + problems.getFirst(), problems.getFirst());
            problems.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
