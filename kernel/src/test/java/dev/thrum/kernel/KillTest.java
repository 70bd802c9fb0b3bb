package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KillTest {
    private static final ScopedValue<Integer> BOUND = ScopedValue.newInstance();

    private final AtomicInteger bindings = new AtomicInteger();
    private volatile boolean stop;
    private @Nullable Kernel started;

    private Kernel kernel(int workers) {
        return started = Kernel.start(
                workers, k -> k.withName("kill-test").withBinding(BOUND, bindings::incrementAndGet));
    }

    @AfterEach
    void close() {
        stop = true;
        if (started != null) {
            started.close();
            Waits.until(() -> started.zombies().isEmpty());
        }
    }

    private void spin() {
        while (!stop) {
            Thread.onSpinWait();
        }
    }

    /// Sends `body` to the kernel, kills it, and sees that its receiver hears of it and that the kernel is whole.
    private void killed(Kernel kernel, Callable<Object> body) throws Exception {
        Channel<Object> channel = kernel.channel();
        CountDownLatch begun = new CountDownLatch(1);
        channel.in("victim").submit(() -> {
            begun.countDown();
            return body.call();
        });
        Waits.on(begun);
        assertThat(kernel.kill("victim")).isEqualTo(1);
        assertThatThrownBy(() -> channel.receive(Duration.ofSeconds(20))).isInstanceOf(TaskKilledException.class);
        assertWhole(kernel);
    }

    /// Every worker runs a task at the same time, and has its index and a binding of its own.
    private static void assertWhole(Kernel kernel) throws InterruptedException {
        assertThat(kernel.counters().strength()).isEqualTo(kernel.workers());
        CountDownLatch together = new CountDownLatch(kernel.workers());
        Channel<Place> channel = kernel.channel();
        for (int i = 0; i < kernel.workers(); i++) {
            channel.submit(() -> {
                together.countDown();
                Waits.on(together);
                return new Place(kernel.workerIndex().orElseThrow(), BOUND.get());
            });
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < kernel.workers(); i++) {
            places.add(channel.receive(Duration.ofSeconds(20)).orElseThrow().value());
        }
        assertThat(places)
                .extracting(Place::index)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, kernel.workers()).boxed().toList());
        assertThat(places).extracting(Place::binding).doesNotHaveDuplicates();
    }

    /// What a task sees of its worker.
    private record Place(int index, int binding) {}

    /// The thread of the one that was killed runs on, counted and with its stack; see [#close] for its end.
    private static void assertHaunted(Kernel kernel, String method) {
        assertThat(kernel.counters().zombies()).isEqualTo(1);
        assertThat(kernel.counters().killed()).isEqualTo(1);
        Zombie zombie = kernel.zombies().getFirst();
        assertThat(zombie.category()).isEqualTo("victim");
        assertThat(zombie.worker()).isBetween(0, kernel.workers() - 1);
        Waits.until(() -> kernel.zombies().getFirst().stack().stream()
                .anyMatch(frame -> frame.getMethodName().contains(method)));
    }

    @EveryTeam
    @Tag("K-25.1")
    void anEndlessLoopIsKilled(int workers) throws Exception {
        killed(kernel(workers), () -> {
            spin();
            return 0;
        });
        assertHaunted(kernel(), "spin");
    }

    @EveryTeam
    @Tag("K-25.1")
    void aCountedLoopIsKilled(int workers) throws Exception {
        AtomicInteger sum = new AtomicInteger();
        killed(kernel(workers), () -> {
            while (!stop) {
                int part = 1;
                for (int i = 0; i < 10_000_000; i++) { // compiled, it never looks up
                    part = 31 * part + i;
                }
                sum.addAndGet(part);
            }
            return 0;
        });
        assertHaunted(kernel(), "aCountedLoopIsKilled");
    }

    @EveryTeam
    @Tag("K-25.2")
    void aSleepIsKilled(int workers) throws Exception {
        killed(kernel(workers), () -> {
            Thread.sleep(Duration.ofDays(1));
            return 0;
        });
        Waits.until(() -> kernel().zombies().isEmpty());
    }

    @EveryTeam
    @Tag("K-25.3")
    void aTaskThatSwallowsInterruptsIsKilled(int workers) throws Exception {
        killed(kernel(workers), () -> {
            while (!stop) {
                LockSupport.parkNanos(100_000);
                Thread.interrupted();
            }
            return 0;
        });
        assertHaunted(kernel(), "aTaskThatSwallowsInterruptsIsKilled");
    }

    @EveryTeam
    @Tag("K-25.4")
    void aTaskThatWaitsForALockIsKilled(int workers) throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            killed(kernel(workers), () -> {
                lock.lock();
                lock.unlock();
                return 0;
            });
            assertHaunted(kernel(), "lock");
        } finally {
            lock.unlock();
        }
    }

    @Test
    @Tag("K-25.5")
    void tasksThatWaitForMonitorsAreKilled() throws Exception {
        Kernel kernel = kernel(2);
        Object a = new Object();
        Object b = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Channel<Integer> channel = kernel.channel();
        // A thread of the test holds the last monitor, so that the others can end with the test.
        Thread holder = Thread.ofPlatform().daemon().start(() -> {
            synchronized (b) {
                held.countDown();
                Waits.on(release);
            }
        });
        Waits.on(held);
        channel.in("victim").submit(() -> {
            synchronized (a) {
                waiting.countDown();
                synchronized (b) {
                    return 1;
                }
            }
        });
        Waits.on(waiting);
        channel.in("victim").submit(() -> {
            synchronized (a) {
                return 2;
            }
        });
        Waits.until(() -> kernel.running().size() == 2);
        assertThat(kernel.kill("victim")).isEqualTo(2);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertWhole(kernel);
        release.countDown();
        Waits.join(holder);
    }

    @EveryTeam
    @Tag("K-25.5")
    void aDeadlockOfTwoMonitorsIsKilled(int workers) throws Exception {
        Object a = new Object();
        Object b = new Object();
        CountDownLatch both = new CountDownLatch(2);
        // Its zombies stay for ever, without a processor.
        try (Kernel kernel = Kernel.start(workers + 1, k -> k.withBinding(BOUND, bindings::incrementAndGet))) {
            Channel<Integer> channel = kernel.<Integer>channel().in("victim");
            Set<Thread> embraced = ConcurrentHashMap.newKeySet();
            channel.submit(() -> embrace(a, b, both, embraced));
            channel.submit(() -> embrace(b, a, both, embraced));
            Waits.until(() -> embraced.stream().filter(thread -> thread.getState() == Thread.State.BLOCKED).count() == 2);
            assertThat(kernel.kill("victim")).isEqualTo(2);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> channel.receive(Duration.ofSeconds(20)))
                        .isInstanceOf(TaskKilledException.class);
            }
            assertWhole(kernel);
            assertThat(kernel.zombies())
                    .hasSize(2)
                    .allMatch(zombie -> zombie.stack().getFirst().getMethodName().equals("embrace"));
        }
    }

    private static int embrace(Object mine, Object other, CountDownLatch both, Set<Thread> embraced) {
        synchronized (mine) {
            both.countDown();
            Waits.on(both);
            embraced.add(Thread.currentThread());
            synchronized (other) {
                return 1;
            }
        }
    }

    @EveryTeam
    @Tag("K-25.6")
    void aBlockingReadIsKilled(int workers) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            killed(kernel(workers), () -> socket.getInputStream().read());
            assertHaunted(kernel(), "read");
        }
    }

    @EveryTeam
    @Tag("K-25")
    void killHitsItsCategoryOnly(int workers) throws Exception {
        Kernel kernel = kernel(workers + 2);
        Channel<String> channel = kernel.channel();
        CountDownLatch survive = new CountDownLatch(1);
        channel.submit(() -> {
            Waits.on(survive);
            return "survivor";
        });
        Channel<String> victims = channel.in("victim");
        for (int i = 0; i < 2; i++) {
            victims.submit(() -> {
                spin();
                return "never";
            });
        }
        int expected = Math.min(2, kernel.workers() - 1);
        Waits.until(() -> kernel.running().size() == expected + 1);
        assertThat(kernel.kill("victim", Kernel.Kill.DRY_RUN)).isEqualTo(expected);
        assertThat(kernel.kill("victim")).isEqualTo(expected);
        for (int i = 0; i < expected; i++) {
            assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        }
        survive.countDown();
        assertThat(channel.receive()).isEqualTo("survivor");
    }

    @Test
    @Tag("K-26")
    void pendingTasksSurviveAKillOfTheirCategory() throws Exception {
        Kernel kernel = kernel(2);
        Channel<String> channel = kernel.channel();
        for (int i = 0; i < 2; i++) {
            channel.submit(() -> {
                spin();
                return "never";
            });
        }
        Waits.until(() -> kernel.running().size() == 2);
        channel.submit(() -> "pending");
        assertThat(kernel.kill(Task.DEFAULT_CATEGORY)).isEqualTo(2);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThat(channel.receive()).isEqualTo("pending");
    }

    @Test
    @Tag("K-26.1")
    void includeQueuedDropsWhatWaitsForAWorkerOrForRoom() throws Exception {
        Kernel kernel = kernel(1);
        Channel<String> channel = kernel.channel();
        Channel<String> full = kernel.channel(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.submit(() -> {
            Waits.on(go);
            return "other";
        });
        channel.in("victim").submit(() -> "never");
        full.in("victim").submit(() -> "never");
        full.in("victim").submit(() -> "never");
        assertThat(kernel.kill("victim", Kernel.Kill.DRY_RUN, Kernel.Kill.INCLUDE_QUEUED)).isEqualTo(3);
        assertThat(kernel.kill("victim", Kernel.Kill.INCLUDE_QUEUED)).isEqualTo(3);
        go.countDown();
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(full::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(full::receive).isInstanceOf(TaskKilledException.class);
        assertThat(channel.receive()).isEqualTo("other");
    }

    @Test
    @Tag("K-50.1")
    void aKillerThatFindsItsVictimGoneDoesNotHitTheSuccessor() throws Exception {
        Kernel kernel = kernel(1);
        Channel<String> channel = kernel.channel();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.in("victim").submit(() -> {
            Waits.on(end);
            return "victim";
        });
        channel.in("successor").submit(() -> {
            begun.countDown();
            Waits.on(go);
            return "successor";
        });
        Waits.until(() -> kernel.running().size() == 1);
        // The killer has seen the victim run. Before it strikes, the victim ends, and its worker begins the next task.
        int killed = ((Team) kernel).kills().killRunning(job -> {
            boolean found = job.terms.category.equals("victim");
            end.countDown();
            Waits.on(begun);
            return found;
        }, new TaskKilledException("too late", null));
        assertThat(killed).isZero();
        go.countDown();
        assertThat(channel.receive()).isEqualTo("victim");
        assertThat(channel.receive()).isEqualTo("successor");
        assertThat(kernel.counters().killed()).isZero();
        assertThat(kernel.zombies()).isEmpty();
        assertWhole(kernel);
    }

    @Test
    @Tag("K-35")
    void theCategoryMustNotBeNull() {
        assertThatNullPointerException().isThrownBy(() -> kernel(1).kill(null)).withMessage("category");
    }

    @Test
    void aCategoryThatNobodyRunsKillsNothing() {
        assertThat(kernel(1).kill("nobody")).isZero();
    }

    @EveryTeam
    @Tag("K-36")
    void aTaskMayKillItsOwnCategory(int workers) throws Exception {
        Kernel kernel = kernel(workers);
        Channel<Integer> channel = kernel.channel();
        channel.submit(() -> kernel.kill(Task.DEFAULT_CATEGORY));
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        channel.in("mine").submit(() -> kernel.kill("mine"));
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        Waits.until(() -> kernel.counters().strength() == workers); // the killer replaces itself after it has told
        assertWhole(kernel);
        Waits.until(() -> kernel.zombies().isEmpty());
    }

    @Test
    @Tag("K-25.7")
    void theSuccessorHasTheIndexAndABindingOfItsOwn() throws Exception {
        Kernel kernel = kernel(1);
        Channel<Integer> channel = kernel.channel();
        channel.submit(BOUND::get);
        assertThat(channel.receive()).isEqualTo(1);
        killed(kernel, () -> {
            spin();
            return 0;
        });
        channel.submit(BOUND::get);
        assertThat(channel.receive()).isEqualTo(2);
        channel.submit(() -> kernel.workerIndex().orElseThrow());
        assertThat(channel.receive()).isZero();
    }

    @Test
    @Tag("K-25.8")
    void aZombieIsCountedWithItsStackUntilItEnds() throws Exception {
        Kernel kernel = kernel(2);
        killed(kernel, () -> {
            spin();
            return 0;
        });
        assertHaunted(kernel, "spin");
        stop = true;
        Waits.until(() -> kernel.zombies().isEmpty());
        assertThat(kernel.counters().zombies()).isZero();
    }

    @Test
    @Tag("K-25.9")
    void atTheCapOfZombiesAKillSettlesButAddsNoThreadUntilOneEnds() throws Exception {
        Kernel kernel = started = Kernel.start(2, k -> k.withZombies(1).withBinding(BOUND, bindings::incrementAndGet));
        Channel<Integer> channel = kernel.channel();
        for (int i = 0; i < 2; i++) {
            channel.in("victim").submit(() -> {
                spin();
                return 0;
            });
        }
        Waits.until(() -> kernel.running().size() == 2);
        assertThat(kernel.kill("victim")).isEqualTo(2);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThat(kernel.counters().strength()).isEqualTo(1);
        assertThat(kernel.counters().zombies()).isEqualTo(2);
        channel.submit(() -> 5);
        assertThat(channel.receive()).isEqualTo(5);
        stop = true;
        Waits.until(() -> kernel.counters().strength() == 2);
        assertWhole(kernel);
    }

    @EveryTeam
    @Tag("K-25.10")
    void whatAKilledTaskHasSubmittedIsKilledWithIt(int workers) throws Exception {
        Kernel kernel = kernel(workers + 1);
        Channel<String> channel = kernel.channel();
        Channel<String> children = kernel.channel();
        channel.in("parent").submit(() -> {
            children.in("child").submit(() -> {
                spin();
                return "never";
            });
            children.in("child").submit(() -> {
                spin();
                return "never either";
            });
            spin();
            return "never";
        });
        int expected = Math.min(3, workers + 1);
        Waits.until(() -> kernel.running().size() == expected && kernel.counters().busy() == expected);
        assertThat(kernel.kill("parent")).isEqualTo(1);
        assertThatThrownBy(channel::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(children::receive).isInstanceOf(TaskKilledException.class);
        assertThatThrownBy(children::receive).isInstanceOf(TaskKilledException.class);
        assertWhole(kernel);
    }

    @Test
    @Tag("K-25.11")
    void aKilledTaskEndsAtItsNextCheckpoint() throws Exception {
        Kernel kernel = kernel(1);
        killed(kernel, () -> {
            while (!stop) {
                Task.checkpoint();
            }
            return 0;
        });
        Waits.until(() -> kernel.zombies().isEmpty());
        assertThat(stop).isFalse();
    }

    private Kernel kernel() {
        return java.util.Objects.requireNonNull(started);
    }
}
