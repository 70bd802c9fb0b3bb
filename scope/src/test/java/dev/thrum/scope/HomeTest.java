package dev.thrum.scope;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HomeTest {
    private static final Key<String> USER = Key.of("user");

    @Test
    void theCurrentHomeIsThatOfTheScope() {
        FakeHome home = new FakeHome();
        assertThat(Home.current()).isSameAs(Home.root());
        Scope.root().at(home).run(() -> assertThat(Home.current()).isSameAs(home));
    }

    @Test
    void executeRunsUnderTheScopeOfTheCallerAtThisHome() {
        FakeHome home = new FakeHome();
        List<Object> seen = new ArrayList<>();
        Scope.root().with(USER, "ada").run(() -> home.execute(() -> {
            seen.add(Scope.current().get(USER).orElseThrow());
            seen.add(Home.current());
        }));
        home.turn();
        assertThat(seen).containsExactly("ada", home);
    }

    @Test
    void executeAtAnEndedHomeIsRejected() {
        FakeHome home = new FakeHome();
        home.end();
        assertThatThrownBy(() -> home.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageStartingWith("this home has ended: ");
    }

    @Test
    void executeRefusesNull() {
        assertThatThrownBy(() -> new FakeHome().execute(null)).hasMessage("action");
    }

    @Test
    void nothingCanBeClosedTwice() {
        Registration none = Registration.none();
        none.close();
        none.close();
        assertThat(none).isNotNull();
    }

    private record LogRecord(String message, Throwable thrown) {}

    private record RecordingLogger(List<LogRecord> records) implements System.Logger {

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            records.add(new LogRecord(message, thrown));
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            records.add(new LogRecord(format, null));
        }
    }

    @Nested
    class TheRootHome {
        private final List<LogRecord> records = new CopyOnWriteArrayList<>();
        private final Home root = new RootHome(() -> new RecordingLogger(records));

        @Test
        void isEverywhere() {
            assertThat(root.isHere()).isTrue();
        }

        @Test
        void runsWhatIsPostedAtOnceOnTheCallersThread() {
            List<Thread> seen = new ArrayList<>();
            assertThat(root.post(() -> seen.add(Thread.currentThread()))).isTrue();
            assertThat(seen).containsExactly(Thread.currentThread());
        }

        @Test
        void runsWhatIsExecutedUnderTheScopeOfTheCaller() {
            List<String> seen = new ArrayList<>();
            Scope.root().with(USER, "ada").run(() -> root.execute(() -> seen.add(
                    Scope.current().get(USER).orElseThrow())));
            assertThat(seen).containsExactly("ada");
        }

        @Test
        void reportsWhatAPostedActionThrows() {
            IllegalStateException problem = new IllegalStateException("no");
            assertThat(root.post(() -> {
                        throw problem;
                    }))
                    .isTrue();
            assertThat(records).singleElement().satisfies(record -> assertThat(record.thrown())
                    .isSameAs(problem));
        }

        @Test
        void handsWhatItCannotReportToItsThreadAndGoesOn() throws Exception {
            Home full = new RootHome(() -> new RecordingLogger(List.of()));
            IllegalStateException problem = new IllegalStateException("no");
            List<Throwable> uncaught = new CopyOnWriteArrayList<>();
            CountDownLatch wentOn = new CountDownLatch(1);
            Thread reporter = Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, unlogged) -> uncaught.add(unlogged))
                    .start(() -> {
                        full.report(problem, Scope.root());
                        wentOn.countDown();
                    });
            reporter.join();
            assertThat(wentOn.getCount()).isZero();
            assertThat(uncaught).singleElement().satisfies(unlogged -> assertThat(unlogged)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasSuppressedException(problem));
        }

        @Test
        void namesTheWorkInItsReport() {
            root.report(new IllegalStateException("no"), Scope.root().with(Scope.WORK, () -> "GET /x"));
            assertThat(records).singleElement().satisfies(record -> assertThat(record.message())
                    .isEqualTo("nobody handled an error, in GET /x"));
        }

        @Test
        void reportsEvenIfTheWorkHasNoName() {
            root.report(new IllegalStateException("no"), Scope.root().with(Scope.WORK, () -> {
                throw new IllegalStateException("no name");
            }));
            assertThat(records).hasSize(1);
        }

        @Test
        void needsNoHold() {
            root.hold().close();
            assertThat(root.isHere()).isTrue();
        }

        @Test
        void runsTimersUnderTheScopeOfTheirMaker() throws Exception {
            CompletableFuture<String> user = new CompletableFuture<>();
            Scope.root().with(USER, "ada").run(() -> root.schedule(
                    Duration.ofMillis(1), () -> user.complete(Scope.current().get(USER).orElse("nobody"))));
            assertThat(user.get(60, SECONDS)).isEqualTo("ada");
        }

        @Test
        void runsTimersOnADaemonThread() throws Exception {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            root.schedule(Duration.ofSeconds(-1), () -> thread.complete(Thread.currentThread()));
            assertThat(thread.get(60, SECONDS).isDaemon()).isTrue();
        }

        @Test
        void reportsWhatATimerThrowsAndRunsTheNext() throws Exception {
            CountDownLatch next = new CountDownLatch(1);
            root.schedule(Duration.ZERO, () -> {
                throw new IllegalStateException("no");
            });
            root.schedule(Duration.ofMillis(1), next::countDown);
            assertThat(next.await(60, SECONDS)).isTrue();
            assertThat(records).hasSize(1);
        }

        @Test
        void doesNotRunATimerThatWasClosed() throws Exception {
            CountDownLatch later = new CountDownLatch(1);
            List<String> seen = new ArrayList<>();
            CountDownLatch closed = new CountDownLatch(1);
            root.schedule(Duration.ZERO, () -> await(closed)); // keeps the timers waiting
            root.schedule(Duration.ofMillis(1), () -> seen.add("closed")).close();
            root.schedule(Duration.ofMillis(2), later::countDown);
            closed.countDown();
            assertThat(later.await(60, SECONDS)).isTrue();
            assertThat(seen).isEmpty();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(60, SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Test
        void takesADelayOfAnyLength() {
            root.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> {}).close();
            root.schedule(Duration.ofSeconds(Long.MIN_VALUE), () -> {}).close();
            assertThat(records).isEmpty();
        }

        @Test
        void enforcesADeadline() throws Exception {
            CompletableFuture<Throwable> reason = new CompletableFuture<>();
            Scope.root().within(Duration.ofMillis(5)).onCancel(reason::complete);
            assertThat(reason.get(60, SECONDS)).hasMessage("the time limit of PT0.005S has passed");
        }

        @Test
        void saysWhatItIs() {
            assertThat(root).hasToString("root home");
        }
    }
}
