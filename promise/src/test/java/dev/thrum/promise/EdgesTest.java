package dev.thrum.promise;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Cancelling at a bad moment, homes and executors that are gone, and very long chains.
@Timeout(120)
class EdgesTest {
    private static final int MANY = 1_000_000;

    private final TestLoop loop = new TestLoop();
    private final AtomicInteger stopped = new AtomicInteger();

    private static void inThread(Runnable body) throws InterruptedException {
        assertThat(Thread.ofPlatform().start(body).join(Duration.ofSeconds(20))).isTrue();
    }

    /// {@return work that counts its cancellations}
    private <T> Resolver<T> work() {
        Resolver<T> work = Resolver.create();
        work.onCancel(reason -> stopped.incrementAndGet());
        return work;
    }

    private static boolean isCancelled(Promise<?> promise) {
        return promise.state() instanceof Rejected<?>(CancellationException _);
    }

    private static boolean isRefused(Promise<?> promise) {
        return promise.state() instanceof Rejected<?>(RejectedExecutionException _);
    }

    // ---- cancelling in the middle

    @Test
    void whatACancelledCallbackStartsIsCancelled() {
        AtomicReference<Promise<?>> self = new AtomicReference<>();
        Resolver<Integer> trigger = Resolver.create();
        Resolver<Integer> inner = work();
        self.set(trigger.promise().then(n -> {
            self.get().cancel();
            return inner.promise();
        }));

        trigger.resolve(1);

        assertThat(isCancelled(self.get())).isTrue();
        assertThat(stopped).hasValue(1);
    }

    @Test
    void aPromiseCancelledByItsCallbackStaysCancelledInTheMiddleOfARecursion() {
        loop.turn(() -> {
            AtomicReference<Promise<Integer>> self = new AtomicReference<>();
            Resolver<Integer> trigger = Resolver.create();
            Resolver<Integer> inner = work();
            self.set(trigger.promise().then(n -> {
                self.get().cancel();
                return inner.promise().then(Promise::of);
            }));
            Promise<Integer> outer = Promise.of(0).then(n -> self.get());
            trigger.resolve(1);
            assertThat(isCancelled(self.get())).isTrue();
            assertThat(isCancelled(outer)).isTrue();
            assertThat(stopped).hasValue(1);
        });
    }

    /// Three steps of a recursion, the middle one of which forwards.
    private final class Recursion {
        final Resolver<Integer> first = Resolver.create();
        final Resolver<Integer> second = Resolver.create();
        final Resolver<Integer> third = work();
        final Promise<Integer> inner = third.promise().then(Promise::of);
        final Promise<Integer> middle = second.promise().then(n -> inner);
        final Promise<Integer> outer = first.promise().then(n -> middle);

        Recursion() {
            first.resolve(1);
            second.resolve(2);
        }
    }

    @Test
    void aPromiseInTheMiddleOfARecursionCanBeCancelled() {
        loop.turn(() -> {
            Recursion recursion = new Recursion();
            Promise<Integer> late = recursion.middle.map(n -> n);

            assertThat(recursion.middle.cancel()).isTrue();

            assertThat(isCancelled(recursion.middle)).isTrue();
            assertThat(isCancelled(recursion.outer)).isTrue();
            assertThat(isCancelled(late)).isTrue();
            assertThat(isCancelled(recursion.inner)).isTrue();
            assertThat(stopped).hasValue(1);
        });
    }

    @Test
    void aSharedPromiseSurvivesACancelInTheMiddleOfARecursion() {
        loop.turn(() -> {
            Recursion recursion = new Recursion();
            Promise<Integer> other = recursion.inner.map(n -> n);

            recursion.middle.cancel();

            assertThat(isCancelled(recursion.middle)).isTrue();
            assertThat(isCancelled(recursion.outer)).isTrue();
            recursion.third.resolve(3);
            assertThat(other.state()).isEqualTo(new Fulfilled<>(3));
            assertThat(stopped).hasValue(0);
        });
    }

    @Test
    void aLateCallbackInTheMiddleOfARecursionKeepsTheWorkAlive() {
        loop.turn(() -> {
            Recursion recursion = new Recursion();
            Promise<Integer> late = recursion.middle.map(n -> n);

            recursion.outer.cancel();
            recursion.third.resolve(3);

            assertThat(isCancelled(recursion.outer)).isTrue();
            assertThat(recursion.middle.state()).isEqualTo(new Fulfilled<>(3));
            assertThat(late.state()).isEqualTo(new Fulfilled<>(3));
        });
    }

    @Test
    void aLateCallbackThatIsCancelledLeavesTheRecursionAlone() {
        loop.turn(() -> {
            Recursion recursion = new Recursion();
            recursion.middle.map(n -> n).cancel();
            recursion.third.resolve(3);

            assertThat(recursion.outer.state()).isEqualTo(new Fulfilled<>(3));
        });
    }

    @Test
    void aCallbackCancelledBeforeItWasAttachedDoesNotKeepTheWorkAlive() throws Exception {
        Resolver<Integer> work = loop.resolver();
        work.onCancel(reason -> stopped.incrementAndGet());
        AtomicReference<Promise<Integer>> derived = new AtomicReference<>();
        inThread(() -> derived.set(work.promise().map(n -> n + 1)));

        derived.get().cancel(); // at home, where it has not arrived
        loop.settle();

        assertThat(isCancelled(work.promise())).isTrue();
        assertThat(stopped).hasValue(1);
    }

    @Test
    void cancellingRacesWithACallbackThatStartsWork() throws Exception {
        for (int round = 0; round < 5_000; round++) {
            Resolver<Integer> trigger = Resolver.create();
            Resolver<Integer> inner = Resolver.create();
            AtomicInteger ends = new AtomicInteger();
            AtomicInteger starts = new AtomicInteger();
            inner.onCancel(reason -> ends.incrementAndGet());
            Promise<Integer> promise = trigger.promise().then(n -> {
                starts.incrementAndGet();
                return inner.promise();
            });
            Thread settler = Thread.ofVirtual().start(() -> trigger.resolve(1));
            promise.cancel();
            settler.join();
            assertThat(isCancelled(promise)).isTrue();
            assertThat(ends).hasValue(starts.get());
        }
    }

    // ---- waiting

    @Test
    void anInterruptedAwaitOfASettledPromiseLeavesNoTrace() throws Exception {
        Resolver<Integer> resolver = loop.resolver();
        inThread(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> resolver.promise().await()).isInstanceOf(InterruptedException.class);
        });
        inThread(() -> resolver.resolve(1));

        loop.settle();

        assertThat(loop.reported()).isEmpty();
    }

    @Test
    void anInterruptAfterTheSettlingLeavesNoTrace() throws Exception {
        for (int round = 0; round < 200; round++) {
            Resolver<Integer> resolver = loop.resolver();
            Thread waiter = Thread.ofPlatform().start(() -> {
                try {
                    resolver.promise().map(n -> n).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            waiter.interrupt();
            resolver.resolve(1);
            loop.settle();
            assertThat(waiter.join(Duration.ofSeconds(20))).isTrue();
            loop.settle();
        }
        assertThat(loop.reported()).isEmpty();
    }

    @Test
    void aLimitThatPassesAtOnceCancelsTheWork() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Resolver<Integer> work = Resolver.create();
            CompletableFuture<Throwable> stop = new CompletableFuture<>();
            work.onCancel(stop::complete);

            Promise<Integer> limited = work.promise().within(Duration.ZERO);

            assertThat(stop.get(60, SECONDS)).isInstanceOf(CancellationException.class);
            assertThat(limited.state()).isInstanceOfSatisfying(
                    Rejected.class, rejected -> assertThat(rejected.reason()).isInstanceOf(TimeoutException.class));
            limited.recover(TimeoutException.class, e -> 0);
        }
    }

    // ---- executors

    @Test
    void cancellingDoesNotTakeCallbacksAwayFromTheirExecutor() {
        List<Runnable> queue = new ArrayList<>();
        Promise<Integer> moved = this.<Integer>work().promise().on(queue::add);
        moved.lastly(() -> stopped.addAndGet(100));

        moved.cancel();
        assertThat(stopped).hasValue(1);
        while (!queue.isEmpty()) {
            queue.removeFirst().run();
        }

        assertThat(stopped).hasValue(101);
    }

    @Test
    void whatAnExecutorRefusesIsRejected() {
        Executor refusing = action -> {
            throw new RejectedExecutionException("full");
        };
        Promise<Integer> moved = Promise.of(1).on(refusing);
        Resolver<Integer> later = Resolver.create();
        Promise<Integer> waiting = later.promise().on(refusing).map(n -> n).map(n -> n);
        later.resolve(1);

        assertThat(isRefused(moved.map(n -> n))).isTrue();
        assertThat(isRefused(moved.map(n -> n).map(n -> n))).isTrue();
        assertThat(isRefused(waiting)).isTrue();
        assertThatThrownBy(() -> waiting.await()).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anExecutorThatFailsHarmsNobodyElse() {
        Resolver<Integer> resolver = Resolver.create();
        Promise<Integer> moved = resolver.promise().on(action -> {
            throw new IllegalStateException("as planned");
        });
        Promise<Integer> other = resolver.promise().map(n -> n + 1);

        assertThat(resolver.resolve(1)).isTrue();

        assertThat(moved.state()).isNotInstanceOf(Pending.class);
        assertThat(other.state()).isEqualTo(new Fulfilled<>(2));
    }

    // ---- homes that have ended

    @Test
    void whoFollowsAPromiseOfAnEndedHomeIsTold() throws Exception {
        Resolver<Integer> lost = loop.resolver();
        loop.end();
        List<Promise<?>> followers = new ArrayList<>();
        inThread(() -> {
            Resolver<Integer> follower = Resolver.create();
            follower.follow(lost.promise());
            followers.add(follower.promise());
            followers.add(Promise.of(1).then(n -> lost.promise()));
            followers.add(Promises.all(List.of(lost.promise())));
            followers.add(lost.promise().on(Home.root()));
            followers.add(Promise.from(lost.promise().toCompletableFuture()));
        });

        assertThat(followers).allMatch(EdgesTest::isRefused);
    }

    @Test
    void whoFollowsASettledPromiseOfAnEndedHomeGetsItsValue() throws Exception {
        Resolver<Integer> known = loop.resolver();
        known.resolve(7);
        loop.end();
        List<Promise<Integer>> followers = new ArrayList<>();
        inThread(() -> {
            Resolver<Integer> follower = Resolver.create();
            follower.follow(known.promise());
            followers.add(follower.promise());
            followers.add(Promises.all(List.of(known.promise())).map(List::getFirst));
            followers.add(known.promise().on(Home.root()));
            followers.add(Promise.from(known.promise().toCompletableFuture()));
        });

        assertThat(followers).allMatch(promise -> promise.state().equals(new Fulfilled<>(7)));
    }

    // ---- holds

    @Test
    void everyEndReleasesTheHold() throws Exception {
        List<Resolver<Integer>> held = new ArrayList<>();
        loop.turn(() -> {
            for (int i = 0; i < 7; i++) {
                held.add(Resolver.holding());
            }
        });
        assertThat(loop.holds()).isEqualTo(7);
        Promise<Integer> unhandled = held.get(6).promise();
        unhandled.recover(IOException.class, e -> 0);

        held.get(0).resolve(1);
        held.get(1).promise().cancel();
        held.get(2).promise().map(n -> n).then(Promise::of).within(Duration.ofHours(1)).cancel();
        held.get(3).promise().map(n -> n).lastly(() -> {}).unref();
        held.get(3).resolve(1);
        held.get(3).promise().unref();
        held.get(4).follow(Promise.of(1));
        inThread(() -> held.get(5).promise().map(n -> n).cancel());
        inThread(() -> held.get(6).reject(new IOException()));
        loop.settle();

        assertThat(loop.holds()).isZero();
    }

    @Test
    void anEndedHomeReleasesTheHold() {
        Resolver<Integer> held = Scope.root().at(loop).call(Resolver::<Integer>holding);
        loop.end();

        Thread settler = Thread.ofPlatform().start(() -> held.resolve(1));

        assertThat(joined(settler)).isTrue();
        assertThat(loop.holds()).isZero();
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- long chains

    private static Promise<Integer> chain(Promise<Integer> first) {
        Promise<Integer> last = first;
        for (int i = 0; i < MANY; i++) {
            last = last.map(n -> n);
        }
        return last;
    }

    @Test
    void aLongChainCanBeCancelled() {
        assertThat(chain(this.<Integer>work().promise()).cancel()).isTrue();
        loop.turn(() -> chain(this.<Integer>work().promise()).cancel());

        assertThat(stopped).hasValue(2);
    }

    @Test
    void aLongChainCanLetItsHomeGo() {
        loop.turn(() -> {
            chain(Resolver.<Integer>holding().promise()).unref();
            assertThat(loop.holds()).isZero();
        });
    }

    @Test
    void aLongRecursionCanBeCancelled() {
        loop.turn(() -> {
            Resolver<Integer> work = work();
            Promise<Integer> nested = deep(work.promise(), 100_000);
            nested.cancel();
            assertThat(stopped).hasValue(1);
        });
    }

    private static Promise<Integer> deep(Promise<Integer> work, int depth) {
        Promise<Integer> nested = work;
        for (int i = 0; i < depth; i++) {
            Promise<Integer> inner = nested;
            nested = Promise.of(0).then(n -> inner).map(n -> n);
        }
        return nested;
    }

    // ---- callbacks that go wrong

    @Test
    void anErrorInOneCallbackLeavesTheOthersAlone() {
        Resolver<Integer> resolver = Resolver.create();
        Promise<Integer> first = resolver.promise().map(n -> endless(n));
        Promise<Integer> second = resolver.promise().map(n -> {
            throw new AssertionError("as planned");
        });
        Promise<Integer> third = resolver.promise().map(n -> n + 1);
        first.recover(StackOverflowError.class, e -> 0);
        second.recover(AssertionError.class, e -> 0);

        resolver.resolve(1);

        assertThat(first.state()).isInstanceOf(Rejected.class);
        assertThat(second.state()).isInstanceOf(Rejected.class);
        assertThat(third.state()).isEqualTo(new Fulfilled<>(2));
    }

    private static int endless(int n) {
        return n == 0 ? 0 : endless(n + 1) + 1;
    }

    @Test
    void callbacksOfTwoHomesMaySettleEachOther() throws Exception {
        TestLoop[] other = new TestLoop[1];
        AtomicReference<Resolver<Integer>> there = new AtomicReference<>();
        AtomicReference<Resolver<Integer>> here = new AtomicReference<>(loop.resolver());
        List<Object> log = new ArrayList<>();
        here.get().promise().tap(n -> log.add(Thread.currentThread()));
        inThread(() -> {
            other[0] = new TestLoop();
            there.set(other[0].resolver());
            there.get().promise().tap(n -> here.get().resolve(n + 1));
            there.get().resolve(1);
        });

        loop.settle();

        assertThat(log).containsExactly(Thread.currentThread());
        assertThat(here.get().promise().state()).isEqualTo(new Fulfilled<>(2));
    }
}
