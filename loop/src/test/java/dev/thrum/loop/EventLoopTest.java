package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventLoopTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Key<String> USER = Key.of("user");

    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    @Tag("L-1")
    void runsTheStartFunctionOnTheLoop() {
        EventLoop.run(loop -> {
            assertThat(loop.isHere()).isTrue();
            assertThat(EventLoop.current()).isSameAs(loop);
            assertThat(Home.current()).isSameAs(loop);
            log.add("ran");
        });
        assertThat(log).containsExactly("ran");
    }

    @Test
    @Tag("L-2")
    void aLoopInsideALoopOfTheSameThreadIsAnError() {
        EventLoop.run(LoopConfig.named("outer"), outer -> assertThatThrownBy(() -> EventLoop.run(inner -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("loop 'outer' runs on this thread already"));
    }

    @Test
    @Tag("L-3")
    void outsideALoopThereIsNoCurrentOne() {
        assertThatThrownBy(EventLoop::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no event loop runs on this thread");
    }

    @Test
    void aThreadCanRunOneLoopAfterTheOther() {
        EventLoop.run(loop -> log.add(1));
        EventLoop.run(loop -> log.add(2));
        assertThat(log).containsExactly(1, 2);
    }

    @Test
    @Tag("L-4")
    void anErrorInTheStartFunctionReachesTheCallerOfRun() {
        var problem = new IllegalStateException("failed");
        assertThatThrownBy(() -> EventLoop.run(loop -> {
                    loop.notifier(() -> {}); // would keep it alive
                    throw problem;
                }))
                .isSameAs(problem);
    }

    @Test
    @Tag("L-4")
    void anErrorInTheStartFunctionGoesToTheReceiverIfThereIsOne() {
        var problem = new IllegalStateException("failed");
        EventLoop.run(LoopConfig.named("main").withOnError(log::add), loop -> {
            loop.after(Duration.ofMillis(1), () -> log.add("goes on"));
            throw problem;
        });
        assertThat(log).containsExactly(problem, "goes on");
    }

    @Test
    @Tag("L-5")
    void exitDropsWhatIsNotDueYet() {
        EventLoop.run(loop -> {
            loop.after(Duration.ofHours(1), () -> log.add("dropped"));
            loop.after(Duration.ofMillis(1), loop::exit);
        });
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-6")
    void exitLetsTheTurnFinish() {
        long[] now = {0};
        ManualLoop loop = EventLoop.manual(() -> now[0]);
        loop.after(Duration.ofMillis(1), loop::exit);
        loop.after(Duration.ofMillis(1), () -> log.add("due in the same turn"));
        loop.after(Duration.ofMillis(2), () -> log.add("due later"));
        now[0] = 1_000_000;
        loop.turn();
        assertThat(log).containsExactly("due in the same turn");
        assertThat(loop.isEnded()).isTrue();
    }

    @Test
    @Tag("L-7")
    void anotherThreadMayEndTheLoop() throws Exception {
        EventLoop loop = EventLoop.start("ended by another");
        loop.exit();
        assertThat(loop.awaitEnd(LONG)).isTrue();
    }

    @Test
    @Tag("L-8")
    void exitCallbacksRunLastFirstEvenIfOneThrows() {
        EventLoop.run(LoopConfig.named("main").withOnError(problem -> log.add("problem")), loop -> {
            loop.onExit(() -> log.add(1));
            loop.onExit(() -> {
                throw new IllegalStateException("failed");
            });
            loop.onExit(() -> log.add(3));
        });
        assertThat(log).containsExactly(3, "problem", 1);
    }

    @Test
    @Tag("L-9")
    void aHandleMadeByAnExitCallbackIsClosedUnrun() {
        Handle[] made = new Handle[2];
        EventLoop.run(loop -> loop.onExit(() -> {
            made[0] = loop.after(Duration.ZERO, () -> log.add("ran"));
            made[1] = loop.notifier(() -> log.add("ran"));
        }));
        assertThat(made).noneMatch(Handle::isOpen);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-10")
    void afterTheEndNothingIsAccepted() {
        EventLoop[] ended = new EventLoop[1];
        EventLoop.run(loop -> ended[0] = loop);
        EventLoop loop = ended[0];
        assertThat(loop.post(() -> {})).isFalse();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.after(Duration.ZERO, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("loop 'loop' has ended");
        assertThatThrownBy(() -> loop.notifier(() -> {})).isInstanceOf(IllegalStateException.class);
        loop.schedule(Duration.ZERO, () -> log.add("ran")).close();
        loop.hold().close();
        loop.exit();
    }

    @Test
    @Tag("L-11")
    void methodsOfTheLoopsThreadNameBothThreadsElsewhere() throws Exception {
        EventLoop loop = EventLoop.start("theirs");
        Notifier notifier = NotifierStressTest.on(loop, () -> loop.notifier(() -> {}));
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = List.of(
                () -> loop.after(Duration.ZERO, () -> {}),
                () -> loop.every(Duration.ofMillis(1), () -> {}),
                () -> loop.notifier(() -> {}),
                () -> loop.atTurnEnd(() -> {}),
                () -> loop.onExit(() -> {}),
                loop::readBuffer,
                () -> loop.writeBuffer(buffer -> {}),
                loop::whyAlive,
                notifier::free,
                notifier::close,
                notifier::ref,
                notifier::unref,
                notifier::isOpen,
                notifier::repeating);
        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call)
                .isInstanceOf(WrongThreadException.class)
                .hasMessageContaining("'theirs'")
                .hasMessageContaining("'" + Thread.currentThread().getName() + "'"));
        loop.exit();
    }

    @Test
    void aStartedLoopLivesUntilExit() throws Exception {
        EventLoop loop = EventLoop.start("idle");
        assertThat(loop.awaitEnd(Duration.ofMillis(20))).isFalse();
        var ran = new CountDownLatch(1);
        loop.execute(ran::countDown);
        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        loop.exit();
        assertThat(loop.awaitEnd(LONG)).isTrue();
    }

    @Test
    void aLoopCannotWaitForItsOwnEnd() {
        EventLoop.run(loop -> assertThatThrownBy(() -> loop.awaitEnd(LONG)).isInstanceOf(WrongThreadException.class));
    }

    @Test
    @Tag("L-12")
    void aHoldKeepsTheLoopAliveUntilAnotherThreadReleasesIt() {
        EventLoop.run(loop -> {
            Registration hold = loop.hold();
            Thread.ofPlatform().start(() -> {
                loop.execute(() -> log.add("while held"));
                hold.close();
                hold.close();
            });
        });
        assertThat(log).containsExactly("while held");
    }

    @Test
    @Tag("L-13")
    void postedWorkRunsBeforeTheLoopEnds() {
        EventLoop.run(loop -> loop.execute(() -> loop.execute(() -> log.add("second"))));
        assertThat(log).containsExactly("second");
    }

    @Test
    @Tag("L-14")
    void aScheduledActionDoesNotKeepTheLoopAlive() {
        EventLoop.run(loop -> loop.schedule(LONG, () -> log.add("never")));
        assertThat(log).isEmpty();
    }

    @Test
    void aScheduledActionRunsAndCanBeCancelledFromAnyThread() throws Exception {
        EventLoop loop = EventLoop.start("scheduling");
        var ran = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        loop.execute(() -> await(cancelled)); // a busy loop has not begun it before it is cancelled
        loop.schedule(Duration.ofMillis(1), () -> log.add("cancelled")).close();
        cancelled.countDown();
        loop.schedule(Duration.ofMillis(5), () -> {
            log.add(loop.isHere());
            ran.countDown();
        });
        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).containsExactly(true);
        loop.exit();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Tag("L-15")
    void whyAliveNamesHandlesAndHoldsWithTheirPlace() {
        EventLoop.run(loop -> {
            Timer timer = loop.after(LONG, () -> {});
            Notifier notifier = loop.notifier(() -> {});
            loop.notifier(() -> {}).unref();
            Registration hold = loop.hold();
            assertThat(loop.whyAlive())
                    .hasSize(3)
                    .allSatisfy(reason -> assertThat(reason).contains("EventLoopTest"))
                    .anySatisfy(reason -> assertThat(reason).startsWith("timer"))
                    .anySatisfy(reason -> assertThat(reason).startsWith("notifier"))
                    .anySatisfy(reason -> assertThat(reason).startsWith("hold"));
            timer.close();
            notifier.close();
            hold.close();
            assertThat(loop.whyAlive()).isEmpty();
            loop.exit();
        });
    }

    @Test
    @Tag("L-16")
    void callbacksRunUnderTheScopeOfTheirMakerAtThisLoop() {
        EventLoop.run(loop -> Scope.current().with(USER, "anna").run(() -> {
            loop.after(Duration.ZERO, this::logUser);
            loop.notifier(this::logUser).trigger();
            loop.execute(this::logUser);
            loop.onExit(this::logUser);
            loop.schedule(Duration.ZERO, this::logUser);
            loop.post(() -> log.add(Scope.current().get(USER).isPresent()));
            loop.after(Duration.ofMillis(2), () -> log.add(Home.current() == loop));
        }));
        assertThat(log).containsExactlyInAnyOrder("anna", "anna", "anna", "anna", "anna", false, true);
    }

    private void logUser() {
        log.add(Scope.current().get(USER).orElse("nobody"));
    }

    @Test
    void aForeignCallersScopeComesAlongWithExecute() throws Exception {
        EventLoop loop = EventLoop.start("scoped");
        var seen = new Exchanger<String>();
        Scope.root().with(USER, "bert").run(() -> loop.execute(() -> exchange(seen)));
        assertThat(seen.exchange("", 60, TimeUnit.SECONDS)).isEqualTo("bert");
        loop.exit();
    }

    private static void exchange(Exchanger<String> seen) {
        try {
            seen.exchange(Scope.current().get(USER).orElse("nobody"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theBaseScopeIsNotMadeAnewForACallback() {
        EventLoop.run(loop -> {
            Scope base = Scope.current();
            loop.after(Duration.ZERO, () -> log.add(Scope.current() == base));
        });
        assertThat(log).containsExactly(true);
    }

    @Test
    void anErrorInPostedWorkGoesToTheReceiverAndTheLoopGoesOn() {
        EventLoop.run(LoopConfig.named("main").withOnError(log::add), loop -> {
            loop.post(() -> {
                throw new IllegalStateException("failed");
            });
            loop.post(() -> log.add("goes on"));
        });
        assertThat(log).hasSize(2).last().isEqualTo("goes on");
    }

    @Test
    void aReportFromAnotherThreadIsHandledOnTheLoop() throws Exception {
        var handled = new CountDownLatch(1);
        EventLoop loop = EventLoop.start(LoopConfig.named("reporting").withOnError(problem -> {
            log.add(Thread.currentThread().getName());
            handled.countDown();
        }));
        loop.report(new IllegalStateException("foreign"), Scope.root());
        assertThat(handled.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).containsExactly("reporting");
        loop.exit();
    }

    @Test
    void anInterruptMeansNothingAndIsKeptForTheEnd() {
        Thread.currentThread().interrupt();
        EventLoop.run(loop -> loop.after(Duration.ofMillis(5), () -> log.add(Thread.currentThread().isInterrupted())));
        assertThat(log).containsExactly(false);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void evenALogThatFailsDoesNotEndTheLoop() {
        Handler full = new StreamHandler() {
            @Override
            public void publish(LogRecord logged) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
        };
        Logger logger = Logger.getLogger("dev.thrum.loop");
        logger.addHandler(full);
        Thread.currentThread().setUncaughtExceptionHandler((thread, problem) -> log.add(problem.getCause().getMessage()));
        try {
            EventLoop.run(loop -> {
                loop.report(new IllegalStateException("lost"), Scope.root());
                loop.after(Duration.ZERO, () -> log.add("goes on"));
            });
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
            logger.removeHandler(full);
        }
        assertThat(log).containsExactly("No space left on device", "goes on");
    }

    @Test
    void workThatPostsItselfDoesNotStarveTimers() {
        boolean[] fired = {false};
        EventLoop.run(loop -> {
            loop.after(Duration.ofMillis(5), () -> fired[0] = true);
            loop.execute(new Runnable() {
                @Override
                public void run() {
                    if (!fired[0]) {
                        loop.execute(this);
                    }
                }
            });
        });
        assertThat(fired[0]).isTrue();
    }

    @Test
    void theEndOfTheTurnComesBeforeTheNextWait() {
        EventLoop.run(loop -> {
            loop.atTurnEnd(() -> {
                log.add("end of the turn");
                loop.atTurnEnd(() -> log.add("end of the next"));
            });
            log.add("turn");
        });
        assertThat(log).containsExactly("turn", "end of the turn", "end of the next");
    }

    @Test
    void spinningLoopsRunPostedWorkAndTimersToo() throws Exception {
        EventLoop loop = EventLoop.start(LoopConfig.named("spinning").withSpins(1000).withDaemon(true));
        var ran = new CountDownLatch(2);
        loop.execute(() -> loop.after(Duration.ofMillis(2), ran::countDown));
        loop.execute(ran::countDown);
        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        loop.exit();
    }

    @Test
    @Tag("L-35")
    void manyLoopsRunOnManyThreadsAndTalkToEachOther() throws Exception {
        List<EventLoop> loops = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            loops.add(EventLoop.start("loop " + i));
        }
        var done = new CountDownLatch(1);
        passOn(loops, 0, 160, done);
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).containsOnly(true).hasSize(160);
        for (EventLoop loop : loops) {
            loop.exit();
            assertThat(loop.awaitEnd(LONG)).isTrue();
        }
    }

    private void passOn(List<EventLoop> loops, int index, int left, CountDownLatch done) {
        if (left == 0) {
            done.countDown();
            return;
        }
        EventLoop next = loops.get(index % loops.size());
        next.execute(() -> {
            log.add(EventLoop.current() == next && next.isHere());
            passOn(loops, index + 1, left - 1, done);
        });
    }

    @Test
    @Tag("L-35")
    void aCallbackMayStartALoopOnAThreadOfItsOwnOrTurnAManualOne() {
        EventLoop.run(outer -> {
            long[] now = {0};
            try (ManualLoop inner = EventLoop.manual(() -> now[0])) {
                inner.after(Duration.ZERO, () -> log.add(EventLoop.current() == inner));
                inner.turn();
            }
            log.add(EventLoop.current() == outer);
            EventLoop.start(LoopConfig.named("child").withDaemon(true)).exit();
        });
        assertThat(log).containsExactly(true, true);
    }

    @Test
    @Tag("L-28")
    void anErrorThatTheReceiverThrowsIsLoggedAndTheLoopGoesOn() {
        EventLoop.run(
                LoopConfig.named("main").withOnError(problem -> {
                    log.add("received");
                    throw new IllegalArgumentException("failed on purpose");
                }),
                loop -> {
                    loop.execute(() -> {
                        throw new StackOverflowError("on purpose");
                    });
                    loop.after(Duration.ofMillis(1), () -> log.add("goes on"));
                });
        assertThat(log).containsExactly("received", "goes on");
    }

    @Test
    void negativeSpinsAreRefused() {
        assertThatThrownBy(() -> LoopConfig.named("x").withSpins(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spins must not be negative: -1");
    }
}
