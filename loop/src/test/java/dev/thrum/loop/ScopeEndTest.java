package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of handles when the scope they were made under is cancelled.
@Timeout(120)
class ScopeEndTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Object> log = new ArrayList<>();
    private long now; // nanoseconds
    private final ManualLoop loop = EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> now);
    private final Scope request = Scope.root().at(loop).child();
    private Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        loop.close();
        pipe.source().close();
        pipe.sink().close();
    }

    private void cancel() {
        request.cancel(new IOException("the client went away"));
    }

    private void pass(Duration time) {
        now += time.toNanos();
        loop.turn();
    }

    /// {@return a handle of each kind, made under `scope`}
    private List<Handle> everyKind(Scope scope) {
        return scope.call(() -> List.of(
                loop.after(HOUR, () -> log.add("after")),
                loop.every(HOUR, () -> log.add("every")),
                loop.notifier(() -> log.add("notifier")),
                loop.event(() -> log.add("event")).arm(HOUR),
                loop.mailbox(1, Mailbox.Overflow.REJECT, message -> log.add("mailbox")),
                loop.onSignal(Signal.USR2, () -> log.add("signal")),
                loop.idle(() -> log.add("idle"))));
    }

    @Test
    @Tag("L-97")
    void everyKindOfHandleClosesWithIt() {
        Timer other = loop.after(HOUR, () -> log.add("another's"));
        List<Handle> handles = everyKind(request);
        assertThat(handles).allMatch(Handle::isOpen);
        cancel();
        assertThat(handles).noneMatch(Handle::isOpen);
        assertThat(loop.whyAlive()).singleElement().asString().startsWith("timer of");
        pass(HOUR);
        assertThat(log).containsExactly("another's");
        assertThat(other.isOpen()).isFalse();
        assertThat(loop.pending()).isZero();
    }

    @Test
    @Tag("L-97")
    void soDoesOneOfAScopeInside() {
        Scope inside = request.with(Key.of("user"), "ada").child().within(HOUR);
        List<Handle> handles = everyKind(inside);
        cancel();
        assertThat(handles).noneMatch(Handle::isOpen);
        assertThat(loop.isAlive()).isFalse();
        assertThat(loop.pending()).isZero(); // the deadline, too
    }

    @Test
    @Tag("L-97")
    void whenItsTimeIsOverTheyClose() {
        List<Handle> handles = everyKind(request.within(Duration.ofMinutes(1)));
        pass(Duration.ofMinutes(1));
        assertThat(handles).noneMatch(Handle::isOpen);
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-97")
    void whatAnotherThreadCancelsClosesInTheNextTurn() throws InterruptedException {
        List<Handle> handles = everyKind(request);
        Thread.ofPlatform().start(this::cancel).join();
        assertThat(handles).allMatch(Handle::isOpen);
        loop.turn();
        assertThat(handles).noneMatch(Handle::isOpen);
    }

    @Test
    @Tag("L-98")
    void whatIsMadeUnderACancelledOneIsClosedFromTheStart() {
        cancel();
        assertThat(everyKind(request)).noneMatch(Handle::isOpen);
        assertThat(loop.isAlive()).isFalse();
        pass(HOUR);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-98")
    void onWhatItsScopeHasClosedEveryMethodDoesNothing() {
        cancel();
        request.run(() -> {
            LoopEvent event = loop.event(() -> log.add("event")).arm(HOUR).disarm();
            event.free();
            assertThat(event.activate()).isFalse();
            Notifier notifier = loop.notifier(() -> log.add("notifier")).repeating().onError(log::add);
            notifier.free();
            assertThat(notifier.trigger()).isFalse();
            assertThat(loop.mailbox(1, Mailbox.Overflow.BLOCK, log::add).send("message")).isFalse();
        });
        pass(HOUR);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-97")
    void anIntervalThatCancelsItsOwnScopeRunsNoMore() {
        request.run(() -> loop.every(HOUR, () -> {
            log.add("tick");
            cancel();
        }));
        pass(HOUR);
        pass(HOUR);
        assertThat(log).containsExactly("tick");
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-97")
    void whatIsDueInTheSameTurnDoesNotRunAnyMore() {
        loop.after(HOUR, this::cancel);
        request.run(() -> loop.after(HOUR, () -> log.add("too late")));
        pass(HOUR);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-97")
    void whatWasPromisedIsKept() {
        request.run(() -> {
            loop.notifier(() -> log.add("notifier")).trigger();
            loop.event(() -> log.add("event")).activate();
            loop.mailbox(1, Mailbox.Overflow.REJECT, log::add).send("message");
        });
        cancel();
        loop.turn();
        assertThat(log).containsExactly("notifier", "event", "message");
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-99")
    void whatWasHandedToTheHomeStillRuns() {
        request.run(() -> {
            loop.execute(() -> log.add("execute"));
            loop.schedule(HOUR, () -> log.add("schedule"));
        });
        cancel();
        pass(HOUR);
        assertThat(log).containsExactly("schedule", "execute");
    }

    @Test
    @Tag("L-99")
    void aPollIsLeftToWhoeverOwnsItsChannel() {
        Poll poll = request.call(() -> loop.poll(pipe.source(), SelectionKey.OP_READ, operations -> log.add("poll")));
        cancel();
        assertThat(poll.isOpen()).isTrue();
        poll.close();
    }

    @Test
    @Tag("L-98")
    void aHandleThatHasClosedLeavesNothingAtItsScope() {
        Scope timed = request.within(HOUR.multipliedBy(2)); // its deadline is a timer while somebody listens
        List<Handle> handles = everyKind(timed);
        timed.run(() -> loop.after(Duration.ofMinutes(1), () -> log.add("once")));
        timed.run(() -> loop.notifier(() -> log.add("triggered")).trigger());
        handles.forEach(Handle::close);
        assertThat(loop.pending()).isGreaterThan(1);
        pass(Duration.ofMinutes(1));
        assertThat(log).containsExactlyInAnyOrder("once", "triggered");
        assertThat(loop.pending()).isZero();
    }
}
