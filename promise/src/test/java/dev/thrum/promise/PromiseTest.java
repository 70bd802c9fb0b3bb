package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Promises at a loop, turned by the test.
class PromiseTest {
    private final TestLoop loop = new TestLoop();
    private final List<Object> log = new ArrayList<>();

    private <T> Resolver<T> resolver() {
        return Scope.root().at(loop).call(Resolver::<T>create);
    }

    private <T> Promise<T> settled(T value) {
        return Scope.root().at(loop).call(() -> Promise.of(value));
    }

    private <T> Promise<T> failed(Throwable reason) {
        return Scope.root().at(loop).call(() -> Promise.<T>failed(reason));
    }

    @Test
    @Tag("P-2")
    void callbacksOfASettledPromiseRunAtOnceInTheOrderTheyWereAttached() {
        Promise<Integer> promise = settled(1);

        promise.tap(n -> log.add("a" + n));
        promise.tap(n -> log.add("b" + n));

        assertThat(log).containsExactly("a1", "b1");
    }

    @Test
    void callbacksOfAPendingPromiseRunInTheOrderTheyWereAttached() {
        Resolver<Integer> resolver = resolver();
        resolver.promise().tap(n -> log.add("a" + n));
        resolver.promise().tap(n -> log.add("b" + n));
        resolver.promise().tap(n -> log.add("c" + n));

        assertThat(resolver.resolve(7)).isTrue();

        assertThat(log).containsExactly("a7", "b7", "c7");
    }

    @Test
    void aCallbackAttachedInsideACallbackRunsAfterItReturns() {
        settled(1).tap(n -> {
            settled(2).tap(log::add);
            log.add(n);
        });

        assertThat(log).containsExactly(1, 2);
    }

    @Test
    @Tag("P-3")
    void onlyTheFirstSettlementCounts() {
        Resolver<Integer> resolver = resolver();

        assertThat(resolver.resolve(1)).isTrue();
        assertThat(resolver.resolve(2)).isFalse();
        assertThat(resolver.reject(new IOException())).isFalse();

        assertThat(resolver.promise().state()).isEqualTo(new Fulfilled<>(1));
    }

    @Test
    void mapAppliesTheFunction() {
        assertThat(settled(20).map(n -> n + 1).map(n -> n * 2).state()).isEqualTo(new Fulfilled<>(42));
    }

    @Test
    void nullIsAValue() {
        Promise<String> nothing = settled("x").map(text -> null);

        assertThat(nothing.state()).isEqualTo(new Fulfilled<>(null));
        assertThat(nothing.map(value -> "saw " + value).state()).isEqualTo(new Fulfilled<>("saw null"));
    }

    @Test
    void whatACallbackThrowsRejectsWithThatVeryException() {
        IllegalStateException problem = new IllegalStateException("no");

        Promise<Integer> promise = settled(1).map(n -> {
            throw problem;
        });

        assertThat(promise.state()).isEqualTo(new Rejected<>(problem));
    }

    @Test
    @Tag("P-14")
    void aRejectionSkipsCallbacksUntilOneRecovers() {
        Promise<String> promise = this.<Integer>failed(new FileNotFoundException("a"))
                .map(n -> log.add(n))
                .then(n -> settled(n))
                .recover(IOException.class, e -> false)
                .map(value -> "recovered " + value);

        assertThat(promise.state()).isEqualTo(new Fulfilled<>("recovered false"));
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("P-15")
    void recoverPassesAValueThrough() {
        assertThat(settled(3).recover(Exception.class, e -> 4).state()).isEqualTo(new Fulfilled<>(3));
    }

    @Test
    void recoverPassesAReasonOfAnotherTypeOn() {
        IOException reason = new IOException();

        assertThat(failed(reason).recover(IllegalStateException.class, e -> 1).state())
                .isEqualTo(new Rejected<>(reason));
    }

    @Test
    @Tag("P-13")
    void thenWaitsForThePromiseThatItsFunctionReturns() {
        Resolver<String> inner = resolver();
        Promise<String> outer = settled(1).then(n -> inner.promise());
        assertThat(outer.state()).isEqualTo(new Pending<>());

        inner.resolve("done");

        assertThat(outer.state()).isEqualTo(new Fulfilled<>("done"));
    }

    @Test
    void thenWithAFunctionThatReturnsNullIsRejected() {
        Promise<Object> promise = settled(1).then(n -> null);

        assertThat(promise.state())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason()).hasMessageContaining("returned null"));
    }

    @Test
    void aPromiseThatFollowsItselfIsRejected() {
        AtomicReference<Promise<Integer>> self = new AtomicReference<>();
        Resolver<Integer> start = resolver();
        self.set(start.promise().then(n -> self.get()));

        start.resolve(1);

        assertThat(self.get().state())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason()).hasMessageContaining("follow itself"));
    }

    @Test
    @Tag("P-35")
    void aResolverThatFollowsCanNoLongerSettle() {
        Resolver<Integer> target = resolver();
        Resolver<Integer> resolver = resolver();

        assertThat(resolver.follow(target.promise())).isTrue();
        assertThat(resolver.resolve(1)).isFalse();
        target.resolve(2);

        assertThat(resolver.promise().state()).isEqualTo(new Fulfilled<>(2));
    }

    @Test
    @Tag("P-17")
    void tapPassesTheValueOn() {
        assertThat(settled(7).tap(log::add).state()).isEqualTo(new Fulfilled<>(7));
        assertThat(log).containsExactly(7);
    }

    @Test
    @Tag("P-20")
    void lastlyRunsAfterSuccessAndAfterFailure() {
        IOException reason = new IOException();

        assertThat(settled(1).lastly(() -> log.add("ok")).state()).isEqualTo(new Fulfilled<>(1));
        assertThat(failed(reason).lastly(() -> log.add("failed")).state()).isEqualTo(new Rejected<>(reason));
        assertThat(log).containsExactly("ok", "failed");
    }

    @Test
    void aFailingLastlyRejectsAndKeepsTheFirstReason() {
        IOException first = new IOException("first");

        Promise<Object> promise = failed(first).lastly(() -> {
            throw new IllegalStateException("second");
        });

        assertThat(promise.state())
                .isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.reason())
                        .hasMessage("second")
                        .hasSuppressedException(first));
    }

    @Test
    void aMillionLinksNeedNoStack() {
        Resolver<Integer> start = resolver();
        Promise<Integer> promise = start.promise();
        for (int i = 0; i < 1_000_000; i++) {
            promise = promise.map(n -> n + 1);
        }

        start.resolve(0);

        assertThat(promise.state()).isEqualTo(new Fulfilled<>(1_000_000));
    }

    @Test
    void aRecursionOfAMillionStepsNeedsNoStack() {
        Promise<Integer> promise = Scope.root().at(loop).call(() -> countDown(1_000_000));

        assertThat(promise.state()).isEqualTo(new Fulfilled<>(0));
    }

    private Promise<Integer> countDown(int n) {
        return n == 0 ? Promise.of(0) : Promise.of(n).then(m -> countDown(m - 1));
    }

    @Test
    void aRecursionThroughTheLoopKeepsNothingOfItsPast() {
        Deque<Resolver<Integer>> steps = new ArrayDeque<>();
        loop.turn(() -> {
            Promise<Integer> whole = recursion(steps, 1_000);
            steps.remove().resolve(999);
            WeakReference<Promise<Integer>> past = new WeakReference<>(steps.element().promise());
            for (int left = 998; left > 500; left--) {
                steps.remove().resolve(left);
            }
            System.gc();
            assertThat(past.get()).isNull();
            while (!steps.isEmpty()) {
                steps.remove().resolve(0);
            }
            assertThat(whole.state()).isEqualTo(new Fulfilled<>(0));
        });
    }

    private static Promise<Integer> recursion(Deque<Resolver<Integer>> steps, int n) {
        if (n == 0) {
            return Promise.of(0);
        }
        Resolver<Integer> step = Resolver.create();
        steps.add(step);
        return step.promise().then(left -> recursion(steps, left));
    }

    @Test
    void callbacksRunUnderTheScopeOfWhoeverAttachedThem() {
        Key<String> user = Key.of("user");
        Resolver<Integer> resolver = resolver();
        Scope.root().at(loop).with(user, "ada").run(() -> resolver.promise().tap(n -> log.add(userOf(user))));
        Scope.root().at(loop).with(user, "bob").run(() -> resolver.promise().tap(n -> log.add(userOf(user))));

        resolver.resolve(1);

        assertThat(log).containsExactly("ada", "bob");
    }

    private static Object userOf(Key<String> user) {
        return Scope.current().get(user).orElse("nobody");
    }

    @Test
    void cancellingFlowsUpToTheWork() {
        Resolver<Integer> work = resolver();
        work.onCancel(reason -> log.add("stopped"));
        Promise<Integer> result = work.promise().map(n -> n + 1).map(n -> n + 1);

        assertThat(result.cancel()).isTrue();

        assertThat(log).containsExactly("stopped");
        assertThat(work.resolve(1)).isFalse();
        assertThat(result.state())
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).isInstanceOf(CancellationException.class));
    }

    @Test
    void cancellingStopsWhereSomebodyElseWaits() {
        Resolver<Integer> work = resolver();
        work.onCancel(reason -> log.add("stopped"));
        Promise<Integer> first = work.promise().map(n -> n + 1);
        Promise<Integer> second = work.promise().map(n -> n + 2);

        first.cancel();
        work.resolve(1);

        assertThat(log).isEmpty();
        assertThat(second.state()).isEqualTo(new Fulfilled<>(3));
    }

    @Test
    void cancellingAPromiseThatFollowsCancelsWhatItFollows() {
        Resolver<Integer> work = resolver();
        work.onCancel(reason -> log.add("stopped"));
        Promise<Integer> outer = settled(1).then(n -> work.promise());

        outer.cancel();

        assertThat(log).containsExactly("stopped");
    }

    @Test
    void anActionGivenAfterTheCancellationRunsAtOnce() {
        Resolver<Integer> work = resolver();
        work.promise().cancel();

        work.onCancel(reason -> log.add(reason.getClass()));

        assertThat(log).containsExactly(CancellationException.class);
    }

    @Test
    void aSettledPromiseCannotBeCancelled() {
        assertThat(settled(1).cancel()).isFalse();
    }

    @Test
    void withinRejectsAndCancelsWhenTimeHasPassed() {
        Resolver<Integer> work = resolver();
        work.onCancel(reason -> log.add("stopped"));
        Promise<Integer> promise = work.promise().within(Duration.ofSeconds(5));

        loop.advance(Duration.ofSeconds(4));
        assertThat(promise.state()).isEqualTo(new Pending<>());
        loop.advance(Duration.ofSeconds(1));

        assertThat(promise.state())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason()).isInstanceOf(TimeoutException.class));
        assertThat(log).containsExactly("stopped");
    }

    @Test
    void withinPassesWhatComesInTime() {
        Resolver<Integer> work = resolver();
        Promise<Integer> promise = work.promise().within(Duration.ofSeconds(5));

        work.resolve(1);
        loop.advance(Duration.ofSeconds(9));

        assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
    }

    @Test
    void aRejectionThatNobodyHandlesIsReportedOnce() {
        IOException reason = new IOException();
        loop.turn(() -> Promise.failed(reason));

        assertThat(loop.reported()).containsExactly(reason);
    }

    @Test
    void aFailingEndOfAChainIsReportedOnce() {
        Resolver<Integer> resolver = resolver();
        IOException reason = new IOException();
        loop.turn(() -> {
            resolver.promise().map(n -> n + 1).tap(log::add);
            resolver.reject(reason);
        });

        assertThat(loop.reported()).containsExactly(reason);
    }

    @Test
    void aRejectionHandledWithinTheTurnIsNotReported() {
        loop.turn(() -> {
            Promise<Integer> promise = Promise.failed(new IOException());
            loop.post(() -> promise.recover(IOException.class, e -> 1));
        });

        assertThat(loop.reported()).isEmpty();
    }

    @Test
    void aCancellationIsNotReported() {
        loop.turn(() -> resolver().promise().cancel());

        assertThat(loop.reported()).isEmpty();
    }

    @Test
    void aHoldingPromiseKeepsItsHomeUntilItsCallbacksHaveRun() {
        Resolver<Integer> resolver = Scope.root().at(loop).call(Resolver::<Integer>holding);
        resolver.promise().tap(n -> log.add("held: " + loop.holds()));
        assertThat(loop.holds()).isEqualTo(1);

        resolver.resolve(1);

        assertThat(log).containsExactly("held: 1");
        assertThat(loop.holds()).isZero();
    }

    @Test
    void unrefLetsTheHomeGo() {
        Resolver<Integer> resolver = Scope.root().at(loop).call(Resolver::<Integer>holding);

        resolver.promise().map(n -> n + 1).unref();

        assertThat(loop.holds()).isZero();
    }

    @Test
    void aPlainPromiseDoesNotHoldItsHome() {
        resolver();

        assertThat(loop.holds()).isZero();
    }

    @Test
    void awaitOnALoopThrowsAtOnce() {
        assertThatThrownBy(() -> settled(1).await()).isInstanceOf(WrongThreadException.class);
        assertThatThrownBy(() -> loop.turn(() -> awaitSomething())).isInstanceOf(WrongThreadException.class);
    }

    private static void awaitSomething() {
        try {
            Scope.root().call(() -> Promise.of(1)).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void createRejectsWithWhatTheBodyThrows() {
        IllegalStateException problem = new IllegalStateException();
        Promise<Integer> promise = Scope.root().at(loop).call(() -> Promise.create(resolver -> {
            throw problem;
        }));

        assertThat(promise.state()).isEqualTo(new Rejected<>(problem));
    }
}
