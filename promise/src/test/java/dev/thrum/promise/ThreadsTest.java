package dev.thrum.promise;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Promises and several threads.
@Timeout(120)
class ThreadsTest {
    private final TestLoop loop = new TestLoop();

    private static void inThread(Runnable body) throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(body);
        assertThat(thread.join(java.time.Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void whoeverSettlesItTheCallbackRunsAtHome() throws Exception {
        Resolver<Integer> resolver = loop.resolver();
        AtomicReference<Thread> ran = new AtomicReference<>();
        resolver.promise().tap(n -> ran.set(Thread.currentThread()));

        inThread(() -> resolver.resolve(1));
        assertThat(ran.get()).isNull();
        assertThat(resolver.promise().state()).isEqualTo(new Fulfilled<>(1));
        loop.settle();

        assertThat(ran.get()).isEqualTo(Thread.currentThread());
    }

    @Test
    void aCallbackAttachedElsewhereRunsAtHome() throws Exception {
        Resolver<Integer> resolver = loop.resolver();
        AtomicReference<Thread> ran = new AtomicReference<>();
        inThread(() -> resolver.promise().tap(n -> ran.set(Thread.currentThread())));
        resolver.resolve(1);

        loop.settle();

        assertThat(ran.get()).isEqualTo(Thread.currentThread());
    }

    @Test
    void withoutALoopCallbacksRunOnTheThreadThatSettles() throws Exception {
        Resolver<Integer> resolver = Resolver.create();
        AtomicReference<Thread> ran = new AtomicReference<>();
        resolver.promise().tap(n -> ran.set(Thread.currentThread()));
        AtomicReference<Thread> settler = new AtomicReference<>();

        inThread(() -> {
            settler.set(Thread.currentThread());
            resolver.resolve(1);
        });

        assertThat(ran.get()).isEqualTo(settler.get());
    }

    @Test
    void onMovesCallbacksToAnExecutor() throws Exception {
        List<Runnable> queue = new ArrayList<>();
        Promise<Integer> moved = Promise.of(1).on(queue::add).map(n -> n + 1).map(n -> n + 1);
        assertThat(moved.state()).isEqualTo(new Pending<>());

        while (!queue.isEmpty()) {
            queue.removeFirst().run();
        }

        assertThat(moved.state()).isEqualTo(new Fulfilled<>(3));
    }

    @Test
    void aCallbackAttachedToASettledPromiseOnAnExecutorRunsThere() {
        List<Runnable> queue = new ArrayList<>();
        Promise<Integer> moved = Promise.of(1).on(queue::add);
        queue.removeFirst().run();

        Promise<Integer> late = moved.map(n -> n + 1);
        assertThat(late.state()).isEqualTo(new Pending<>());
        queue.removeFirst().run();

        assertThat(late.state()).isEqualTo(new Fulfilled<>(2));
    }

    @Test
    void awaitReturnsWhatAnotherThreadSettles() throws Exception {
        Resolver<String> resolver = Resolver.create();
        Thread.ofVirtual().start(() -> resolver.resolve("there"));

        assertThat(resolver.promise().await()).isEqualTo("there");
    }

    @Test
    void awaitOfADerivedPromiseReturnsItsValue() throws Exception {
        Resolver<Integer> resolver = Resolver.create();
        Promise<Integer> derived = resolver.promise().map(n -> n + 1);
        Thread.ofVirtual().start(() -> resolver.resolve(1));

        assertThat(derived.await()).isEqualTo(2);
    }

    @Test
    void awaitIsWokenByWhoeverSettlesWhileTheLoopIsBusy() throws Exception {
        Resolver<String> resolver = loop.resolver();
        AtomicReference<String> got = new AtomicReference<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread waiter = Thread.ofPlatform().start(() -> {
            waiting.countDown();
            got.set(await(resolver.promise()));
        });
        waiting.await();
        inThread(() -> resolver.resolve("there"));

        assertThat(waiter.join(java.time.Duration.ofSeconds(20))).isTrue();
        assertThat(got.get()).isEqualTo("there");
    }

    private static <T> T await(Promise<T> promise) {
        try {
            return promise.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void awaitOfARejectionThrowsWithTheReasonAsCause() {
        IOException reason = new IOException();

        assertThatThrownBy(() -> Promise.failed(reason).await())
                .isInstanceOf(RejectedPromiseException.class)
                .hasCause(reason);
    }

    @Test
    void awaitInsideACallbackRunsWhatIsQueuedFirst() {
        Promise<Integer> inner = Promise.of(1);
        Promise<Integer> outer = Promise.of(1).map(n -> n + await(inner.map(m -> m + 1)));

        assertThat(outer.state()).isEqualTo(new Fulfilled<>(3));
    }

    @Test
    void anInterruptedAwaitThrowsAndLeavesThePromiseAlone() throws Exception {
        Resolver<Integer> resolver = Resolver.create();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> resolver.promise().await()).isInstanceOf(InterruptedException.class);
        assertThat(resolver.resolve(1)).isTrue();
    }

    @Test
    void awaitEndsWhenTheHomeHasEnded() throws Exception {
        Resolver<Integer> resolver = loop.resolver();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                resolver.promise().map(n -> n + 1).await();
            } catch (RejectedPromiseException | InterruptedException e) {
                thrown.complete(e);
            }
        });
        loop.end();

        assertThat(thrown.get(20, SECONDS)).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aPromiseWhoseHomeHasEndedStillSettles() throws Exception {
        Resolver<Integer> resolver = loop.resolver();
        loop.end();

        inThread(() -> resolver.resolve(1));

        assertThat(resolver.promise().state()).isEqualTo(new Fulfilled<>(1));
    }

    @Test
    void promisesBecomeFutures() throws Exception {
        IOException reason = new IOException();

        assertThat(Promise.of(1).toCompletableFuture().get(1, SECONDS)).isEqualTo(1);
        assertThatThrownBy(() -> Promise.failed(reason).toCompletableFuture().get(1, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCause(reason);
    }

    @Test
    void cancellingTheFutureCancelsThePromise() {
        Resolver<Integer> work = Resolver.create();
        AtomicInteger stopped = new AtomicInteger();
        work.onCancel(reason -> stopped.incrementAndGet());

        work.promise().toCompletableFuture().cancel(true);

        assertThat(stopped).hasValue(1);
    }

    @Test
    void stagesBecomePromises() {
        IOException reason = new IOException();
        CompletableFuture<Integer> failing = new CompletableFuture<Integer>().thenApply(n -> n);
        CompletableFuture<Integer> source = new CompletableFuture<>();
        Promise<Integer> promise = Promise.from(source.thenApply(n -> n + 1));
        Promise<Integer> rejected = Promise.from(failing);

        source.complete(1);
        failing.completeExceptionally(reason);

        assertThat(promise.state()).isEqualTo(new Fulfilled<>(2));
        assertThat(rejected.state()).isEqualTo(new Rejected<>(reason));
    }

    @Test
    void cancellingThePromiseOfAStageCancelsTheStage() {
        CompletableFuture<Integer> stage = new CompletableFuture<>();

        Promise.from(stage).cancel();

        assertThat(stage).isCancelled();
    }

    @Test
    void aStageHoldsTheHomeUntilItIsComplete() throws Exception {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        Scope.root().at(loop).run(() -> Promise.from(stage));
        assertThat(loop.holds()).isEqualTo(1);

        inThread(() -> stage.complete(1));
        loop.settle();

        assertThat(loop.holds()).isZero();
    }

    @Test
    void attachingRacesWithSettlingAndEveryCallbackRunsOnce() throws Exception {
        for (int round = 0; round < 20_000; round++) {
            Resolver<Integer> resolver = Resolver.create();
            AtomicInteger runs = new AtomicInteger();
            Thread settler = Thread.ofVirtual().start(() -> resolver.resolve(1));
            resolver.promise().tap(n -> runs.incrementAndGet());
            resolver.promise().tap(n -> runs.incrementAndGet());
            settler.join();
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void cancellingRacesWithSettlingAndOneOfThemWins() throws Exception {
        for (int round = 0; round < 20_000; round++) {
            Resolver<Integer> resolver = Resolver.create();
            AtomicInteger stopped = new AtomicInteger();
            resolver.onCancel(reason -> stopped.incrementAndGet());
            Promise<Integer> derived = resolver.promise().map(n -> n + 1);
            Thread canceller = Thread.ofVirtual().start(derived::cancel);
            boolean resolved = resolver.resolve(1);
            canceller.join();
            assertThat(derived.state()).isNotEqualTo(new Pending<>());
            assertThat(stopped).hasValue(resolved ? 0 : 1);
        }
    }
}
