package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.TaskHandler.Debug;
import dev.thrum.kernel.TaskHandler.Decline;
import dev.thrum.kernel.TaskHandler.Kill;
import dev.thrum.kernel.TaskHandler.Retry;
import dev.thrum.kernel.TaskHandler.Transfer;
import dev.thrum.kernel.TaskHandler.Use;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {1, 2, 4, 8, 16})
class TaskHandlerTest {
    private static final IOException FOO = new IOException("foo");
    private static final IllegalStateException BAR = new IllegalStateException("bar");

    private final Kernel kernel;
    private final Channel<Object> channel;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    TaskHandlerTest(int workers) {
        kernel = Kernel.start(workers);
        channel = kernel.channel();
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    private static Callable<Object> failing(Exception problem) {
        return () -> {
            throw problem;
        };
    }

    @Test
    @Tag("K-9")
    void aHandlerTransfersTheErrorOrAnotherOne() throws Exception {
        TaskHandler.on(IOException.class, e -> new Transfer()).during(() -> channel.submit(failing(FOO)));
        assertThatThrownBy(channel::receive).hasCause(FOO);
        TaskHandler.on(IOException.class, e -> new Transfer(BAR)).during(() -> channel.submit(failing(FOO)));
        assertThatThrownBy(channel::receive).hasCause(BAR);
    }

    @Test
    @Tag("K-10")
    void aHandlerPutsAValueInThePlaceOfTheResult() throws Exception {
        TaskHandler.on(IOException.class, e -> new Use(4)).during(() -> channel.submit(failing(FOO)));
        assertThat(channel.receive()).isEqualTo(4);
        TaskHandler general = problem -> new Use(5);
        general.during(() -> channel.submit(failing(FOO)));
        assertThat(channel.receive()).isEqualTo(5);
    }

    @Test
    @Tag("K-10.1")
    void aHandlerOfAnotherTypeIsNotAsked() {
        TaskHandler.on(IOException.class, e -> new Use(4)).during(() -> channel.submit(failing(BAR)));
        assertThatThrownBy(channel::receive).hasCause(BAR);
    }

    @Test
    @Tag("K-10.2")
    void orAsksTheNextWhereTheFirstDeclines() throws Exception {
        TaskHandler.on(IOException.class, e -> new Use("io"))
                .or(IllegalStateException.class, e -> new Use("state"))
                .during(() -> {
                    channel.submit(failing(FOO));
                    channel.submit(failing(BAR));
                });
        assertThat(List.of(channel.receive(), channel.receive())).containsExactlyInAnyOrder("io", "state");
    }

    @Test
    @Tag("K-11")
    void whatAHandlerThrowsIsPutToTheOuterOne() {
        TaskHandler.on(IllegalStateException.class, e -> new Transfer()).during(() -> {
            TaskHandler inner = problem -> {
                throw BAR;
            };
            inner.during(() -> channel.submit(failing(FOO)));
        });
        assertThatThrownBy(channel::receive).hasCause(BAR);
    }

    @Test
    @Tag("K-11.1")
    void whatAHandlerThrowsAndNobodyTakesGoesToTheReceiver() {
        TaskHandler inner = problem -> {
            throw BAR;
        };
        inner.during(() -> channel.submit(failing(FOO)));
        assertThatThrownBy(channel::receive).hasCause(BAR);
    }

    @Test
    @Tag("K-12")
    void nestedHandlersAreAskedInnermostFirstWithTheOuterOnesInForce() throws Exception {
        logging("a").call(() -> {
            logging("b").during(() -> signalling("c", BAR).during(() -> logging("d").during(() -> channel.submit(() -> {
                Task.signal(FOO);
                return "done";
            }))));
            return 0;
        });
        assertThat(channel.receive()).isEqualTo("done");
        assertThat(log).containsExactly("d foo", "c foo", "b bar", "a bar", "b foo", "a foo");
    }

    private TaskHandler logging(String name) {
        return problem -> {
            log.add(name + " " + problem.getMessage());
            return new Decline();
        };
    }

    private TaskHandler signalling(String name, Exception other) {
        return problem -> {
            log.add(name + " " + problem.getMessage());
            Task.signal(other);
            return new Decline();
        };
    }

    @Test
    @Tag("K-20")
    void signalReturnsTheValueOfAHandlerAndTheTaskGoesOn() throws Exception {
        TaskHandler doubling = problem -> new Use(2 * Integer.parseInt(String.valueOf(problem.getMessage())));
        for (int i = 0; i < 3; i++) {
            doubling.during(() -> channel.submit(
                    () -> Task.signal(new IllegalArgumentException("3")).orElseThrow()));
            assertThat(channel.receive()).isEqualTo(6);
        }
    }

    @Test
    @Tag("K-24")
    void aSignalThatNobodyTakesReturns() throws Exception {
        channel.submit(() -> Task.signal(FOO).isEmpty());
        assertThat(channel.receive()).isEqualTo(true);
    }

    @Test
    @Tag("K-24.1")
    void aSignalIsAskedBeforeTheStackIsGivenUp() throws Exception {
        TaskHandler handler = problem -> new Use(List.of(Thread.currentThread().getStackTrace()).stream()
                .anyMatch(frame -> frame.getMethodName().equals("deepInside")));
        handler.during(() -> channel.submit(TaskHandlerTest::deepInside));
        assertThat(channel.receive()).isEqualTo(true);
    }

    private static Object deepInside() {
        return Task.signal(FOO).orElseThrow();
    }

    @Test
    @Tag("K-20.1")
    void aSignalMayEndTheTask() {
        TaskHandler.on(IOException.class, e -> new Transfer()).during(() -> channel.submit(() -> {
            Task.signal(FOO);
            return "not reached";
        }));
        assertThatThrownBy(channel::receive).hasCause(FOO);
    }

    @Test
    @Tag("K-20.2")
    void retryRunsTheTaskAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        TaskHandler.on(IOException.class, e -> new Retry()).during(() -> channel.submit(() -> {
            if (tries.incrementAndGet() < 3) {
                throw FOO;
            }
            return tries.get();
        }));
        assertThat(channel.receive()).isEqualTo(3);
        TaskHandler.on(IOException.class, e -> new Retry()).during(() -> channel.submit(() -> {
            if (tries.incrementAndGet() < 6) {
                Task.signal(FOO);
            }
            return tries.get();
        }));
        assertThat(channel.receive()).isEqualTo(6);
    }

    @Test
    @Tag("K-9.1")
    void handlersTravelWithTheTasksThatATaskSubmits() throws Exception {
        TaskHandler.on(IOException.class, e -> new Use("grandchild")).during(() -> channel.submit(() -> {
            channel.submit(failing(FOO));
            return "child";
        }));
        assertThat(List.of(channel.receive(), channel.receive())).containsExactlyInAnyOrder("child", "grandchild");
    }

    @Test
    @Tag("K-9.2")
    void handlersAreThoseOfTheSubmissionAndNotOfTheRun() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        channel.submit(() -> {
            Waits.on(go);
            throw FOO;
        });
        TaskHandler.on(IOException.class, e -> new Use(1)).during(go::countDown);
        assertThatThrownBy(channel::receive).hasCause(FOO);
    }

    @Test
    @Tag("K-21.1")
    void aHandlerMayEndTheTaskAsIfKilled() {
        TaskHandler.on(IOException.class, e -> new Kill()).during(() -> channel.submit(failing(FOO)));
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThat(kernel.counters().strength()).isEqualTo(kernel.workers());
    }

    @Test
    @Tag("K-9.3")
    void promisesHaveHandlersToo() throws Exception {
        assertThat(TaskHandler.on(IOException.class, e -> new Use(8))
                        .call(() -> kernel.submit(failing(FOO)))
                        .await())
                .isEqualTo(8);
    }

    @Test
    @Tag("K-9.4")
    void anUnhandledErrorGoesToTheDebuggerWhichDecides() throws Exception {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        try (Kernel debugged = Kernel.start(1, k -> k.withDebugger((problem, task) -> {
            asked.add(problem.getMessage() + " " + task.category());
            return problem instanceof IOException ? new Use("debugged") : new Kill();
        }))) {
            Channel<Object> results = debugged.channel();
            results.in("bugs").submit(failing(FOO));
            assertThat(results.receive()).isEqualTo("debugged");
            results.submit(failing(BAR));
            assertThatThrownBy(results::receive).isInstanceOf(TaskKilledException.class);
            TaskHandler.on(IOException.class, e -> new Use("handled")).during(() -> results.submit(failing(FOO)));
            assertThat(results.receive()).isEqualTo("handled");
            assertThat(asked).containsExactly("foo bugs", "bar default");
        }
    }

    @Test
    @Tag("K-9.5")
    void aTaskThatADebuggerHoldsCanBeKilled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Kernel debugged = Kernel.start(1, k -> k.withDebugger((problem, task) -> {
            asked.countDown();
            Waits.on(never);
            return new Transfer();
        }))) {
            Channel<Object> results = debugged.channel();
            results.in("held").submit(failing(FOO));
            Waits.on(asked);
            assertThat(debugged.kill("held")).isEqualTo(1);
            assertThatThrownBy(results::receive).isInstanceOf(TaskKilledException.class);
            results.submit(() -> 1);
            assertThat(results.receive()).isEqualTo(1);
        }
    }

    @Test
    @Tag("K-9.6")
    void aHandlerMayAskForTheDebugger() {
        TaskHandler.on(IOException.class, e -> new Debug()).during(() -> channel.submit(failing(FOO)));
        assertThatThrownBy(channel::receive).hasCause(FOO); // the logging one, where the kernel has none
    }

    @Test
    @Tag("K-9.7")
    void aHandlerMayAskForTheDebuggerOfTheKernelBeforeTheStackIsGivenUp() throws Exception {
        try (Kernel debugged = Kernel.start(1, k -> k.withDebugger((problem, task) -> new Use(task.stack().stream()
                .anyMatch(frame -> frame.getMethodName().equals("deepInside")))))) {
            Channel<Object> results = debugged.channel();
            TaskHandler.on(IOException.class, e -> new Debug()).during(() -> results.submit(TaskHandlerTest::deepInside));
            assertThat(results.receive()).isEqualTo(true);
        }
    }

    @Test
    void outsideATaskASignalIsNobodys() {
        assertThat(Task.signal(FOO)).isEqualTo(Optional.empty());
        Task.checkpoint();
    }
}
