package dev.thrum.promise;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A worker that waits for what it has to do itself.
@Timeout(120)
class WaiterTest {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Object> log = new ArrayList<>();

    private boolean runOne(Promise<?> awaited) {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    private <T> Promise<T> submit(Callable<T> task) {
        Resolver<T> resolver = Resolver.create();
        tasks.add(() -> {
            try {
                resolver.resolve(task.call());
            } catch (Exception problem) {
                resolver.reject(problem);
            }
        });
        return resolver.promise();
    }

    private <T> T working(ScopedValue.CallableOp<T, Exception> body) throws Exception {
        return Waiter.during(this::runOne, body);
    }

    private int fib(int n) throws InterruptedException {
        if (n < 2) {
            return n;
        }
        Promise<Integer> left = submit(() -> fib(n - 1));
        Promise<Integer> right = submit(() -> fib(n - 2));
        return left.await() + right.await();
    }

    @Test
    @Tag("P-41")
    void aThreadThatWaitsDoesTheWorkItself() throws Exception {
        assertThat(working(() -> submit(() -> fib(10)).await())).isEqualTo(55);
    }

    @Test
    void itDoesNoMoreThanItNeeds() throws Exception {
        int answer = working(() -> {
            Promise<Integer> first = submit(() -> 1);
            submit(() -> log.add("not needed"));
            return first.await();
        });

        assertThat(answer).isEqualTo(1);
        assertThat(log).isEmpty();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void theAwaitedPromiseIsKnown() throws Exception {
        Resolver<Integer> resolver = Resolver.create();

        int answer = Waiter.during(
                awaited -> {
                    log.add(awaited);
                    return resolver.resolve(1);
                },
                () -> resolver.promise().await());

        assertThat(answer).isEqualTo(1);
        assertThat(log).containsExactly(resolver.promise());
    }

    @Test
    void callbacksOfWhatItDoesRunBeforeItSleepsEvenInsideACallback() throws Exception {
        Promise<Integer> outer =
                working(() -> Promise.of(1).map(n -> n + await(submit(() -> 20).map(m -> m + 1))));

        assertThat(outer.await()).isEqualTo(22);
    }

    private static <T> T await(Promise<T> promise) {
        try {
            return promise.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSleepingThreadIsAskedAgainWhenItIsUnparked() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        Resolver<Integer> resolver = Resolver.create();
        Thread worker = Thread.ofPlatform().start(() -> {
            try {
                answer.complete(Waiter.during(
                        awaited -> {
                            asked.countDown();
                            return runOne(awaited);
                        },
                        () -> resolver.promise().await()));
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        asked.await();

        tasks.add(() -> resolver.resolve(7));
        LockSupport.unpark(worker);

        assertThat(answer.get(20, SECONDS)).isEqualTo(7);
    }

    @Test
    void anInterruptEndsTheWaitBetweenTwoTasks() {
        Resolver<Integer> never = Resolver.create();
        tasks.add(() -> Thread.currentThread().interrupt());
        tasks.add(() -> log.add("too late"));

        assertThatThrownBy(() -> working(() -> never.promise().await())).isInstanceOf(InterruptedException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void whatHelpThrowsIsThrownByAwait() {
        Resolver<Integer> never = Resolver.create();
        tasks.add(() -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(() -> working(() -> never.promise().await())).hasMessage("broken");
        never.reject(new IOException("for those who still wait")); // reported as unhandled: nobody is left
    }

    @Test
    void itStaysOnItsThread() throws Exception {
        working(() -> {
            tasks.add(() -> log.add(Thread.currentThread()));
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            Resolver<Integer> resolver = Resolver.create();
            Thread other = Thread.ofPlatform().start(() -> answer.complete(await(resolver.promise())));
            resolver.resolve(1);
            assertThat(other.join(Duration.ofSeconds(20))).isTrue();
            return answer.get(20, SECONDS);
        });

        assertThat(log).isEmpty();
    }
}
