package dev.thrum.verify.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The one law: work that is handed to a kernel comes home to the loop that asked, with its context, or as an error.
@Timeout(120)
class LawTest {
    private static final Key<String> USER = Key.of("user");

    private final Kernel kernel = Kernel.start(2);
    private final List<Object> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void end() {
        never.countDown();
        kernel.close();
    }

    @Test
    void aLoopLivesUntilTheWorkItHandedOutHasComeHome() {
        CountDownLatch go = new CountDownLatch(1);

        EventLoop.run(loop -> {
            kernel.submit(() -> {
                        go.await();
                        return 42;
                    })
                    .tap(log::add);
            loop.after(java.time.Duration.ofMillis(20), go::countDown);
        });

        assertThat(log).containsExactly(42);
    }

    @Test
    void unrefLetsTheLoopEndBefore() {
        EventLoop.run(loop -> kernel.submit(() -> never.await(60, SECONDS)).unref());

        assertThat(never.getCount()).isEqualTo(1);
    }

    @Test
    void aResultComesHomeToTheThreadOfTheLoopThatAsked() {
        EventLoop.run(loop -> kernel.submit(Thread::currentThread).tap(worker -> {
            log.add(worker == Thread.currentThread());
            log.add(loop.isHere());
        }));

        assertThat(log).containsExactly(false, true);
    }

    @Test
    void anErrorComesHomeAsItIs() {
        IOException problem = new IOException("broken");

        EventLoop.run(loop -> kernel.submit(() -> {
                    throw problem;
                })
                .recover(IOException.class, reason -> log.add(reason == problem)));

        assertThat(log).containsExactly(true);
    }

    @Test
    void theContextGoesAlongAndComesBack() {
        EventLoop.run(loop -> Scope.current().with(USER, "ada").run(() -> kernel.submit(LawTest::user)
                .tap(name -> log.add("worker: " + name))
                .tap(name -> log.add("home: " + user()))));

        assertThat(log).containsExactly("worker: ada", "home: ada");
    }

    private static String user() {
        return Scope.current().get(USER).orElse("nobody");
    }

    @Test
    void aWorkerIsNoHomeSoWorkInsideItNeverLandsOnTheLoop() {
        EventLoop.run(loop -> kernel.submit(() -> Home.current() == Home.root()).tap(log::add));

        assertThat(log).containsExactly(true);
    }

    @Test
    void aKilledTaskComesHomeAsAnErrorAndTheLoopEnds() {
        CountDownLatch running = new CountDownLatch(1);

        EventLoop.run(loop -> {
            kernel.in("victim")
                    .submit(() -> {
                        running.countDown();
                        return never.await(60, SECONDS);
                    })
                    .recover(TaskKilledException.class, reason -> log.add("killed"));
            kernel.submit(() -> {
                running.await();
                return kernel.kill("victim");
            });
        });

        assertThat(log).containsExactly("killed");
    }

    @Test
    void aCancelledPromiseStopsItsTask() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Promise<Boolean> promise = kernel.submit(() -> {
            running.countDown();
            try {
                return never.await(60, SECONDS);
            } catch (InterruptedException e) {
                end.complete(e);
                throw e;
            }
        });
        running.await();

        assertThat(promise.cancel()).isTrue();

        assertThat(end.get(60, SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aDeadlineOfTheScopeStopsTheTask() {
        EventLoop.run(loop -> Scope.current().within(java.time.Duration.ofMillis(20)).run(() -> kernel.submit(
                        () -> never.await(60, SECONDS))
                .recover(Exception.class, reason -> log.add(rootOf(reason).getClass()))));

        assertThat(log).hasSize(1);
        assertThat(log.getFirst()).isIn(TimeoutException.class, TaskKilledException.class);
    }

    private static Throwable rootOf(Throwable problem) {
        return problem.getCause() == null ? problem : rootOf(problem.getCause());
    }

    @Test
    void anErrorThatNobodyHandlesIsReportedToTheLoop() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        IOException problem = new IOException("unseen");

        EventLoop.run(dev.thrum.loop.LoopConfig.named("law").withOnError(reported::add), loop -> kernel.submit(() -> {
            throw problem;
        }));

        assertThat(reported).containsExactly(problem);
    }

    @Test
    @Tag("L-86")
    void whateverWaitsThrowsAtOnceOnALoopsThread() {
        Promise<Object> pending = Promise.create(resolver -> {});
        EventLoop.run(loop -> {
            List<ThrowingCallable> waits = List.of(
                    pending::await,
                    () -> kernel.submit(() -> 1).await(),
                    () -> kernel.channel().receive(),
                    () -> kernel.channel().receive(java.time.Duration.ofSeconds(20)),
                    () -> loop.awaitEnd(java.time.Duration.ofSeconds(20)));
            assertThat(waits).allSatisfy(wait -> assertThatThrownBy(wait).isInstanceOf(WrongThreadException.class));
            log.add("went on");
        });
        assertThat(log).containsExactly("went on");
    }

    @Test
    void aThreadWithoutALoopMayWait() throws Exception {
        assertThat(kernel.submit(() -> 6 * 7).await()).isEqualTo(42);
        Promise<Object> failing = kernel.submit(() -> {
            throw new IOException("broken");
        });
        assertThatThrownBy(failing::await)
                .isInstanceOf(RejectedPromiseException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
