package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class SignalTest {
    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    /// Sends a signal to this process, as `kill` does.
    private static void kill(Signal signal) {
        kill(signal, ProcessHandle.current().pid());
    }

    private static void kill(Signal signal, long pid) {
        try {
            int status = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().waitFor();
            if (status != 0) { // no assertion: the child has no library of tests
                throw new IllegalStateException("kill ended with " + status);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("L-70")
    void aSignalRunsItsHandlerOnTheLoopAgainAndAgain(Signal signal) {
        EventLoop.run(loop -> {
            Notifier[] handler = new Notifier[1];
            handler[0] = loop.onSignal(signal, () -> {
                log.add(loop.isHere());
                if (log.size() < 3) {
                    kill(signal);
                } else {
                    handler[0].close();
                }
            });
            kill(signal);
        });
        assertThat(log).containsExactly(true, true, true);
    }

    @Test
    @Tag("L-16")
    void aHandlerRunsUnderTheScopeOfItsMaker() {
        Key<String> user = Key.of("user");
        EventLoop.run(loop -> {
            Scope.current().with(user, "ada").run(() -> loop.onSignal(Signal.USR1, () -> {
                log.add(Scope.current().get(user).orElse("nobody"));
                loop.exit();
            }));
            kill(Signal.USR1);
        });
        assertThat(log).containsExactly("ada");
    }

    @Test
    @Tag("L-71")
    void oneSignalHasSeveralHandlersOnSeveralLoops() throws Exception {
        EventLoop other = EventLoop.start("other");
        NotifierStressTest.on(other, () -> other.onSignal(Signal.USR1, () -> log.add("other")));
        EventLoop.run(loop -> {
            Notifier first = loop.onSignal(Signal.USR1, () -> log.add("first"));
            Notifier second = loop.onSignal(Signal.USR1, () -> log.add("second"));
            kill(Signal.USR1);
            loop.every(Duration.ofMillis(1), () -> {
                if (log.size() == 3) {
                    first.close();
                    second.close();
                    loop.exit();
                }
            });
        });
        other.exit();
        assertThat(other.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(log).containsExactlyInAnyOrder("first", "second", "other");
    }

    @Test
    @Tag("L-72")
    void aHandlerKeepsTheLoopAliveUntilItIsClosed() {
        long[] now = {0};
        try (ManualLoop loop = EventLoop.manual(() -> now[0])) {
            Notifier handler = loop.onSignal(Signal.WINCH, () -> {});
            assertThat(loop.isAlive()).isTrue();
            assertThat(loop.whyAlive()).singleElement().asString().startsWith("WINCH handler of");
            handler.close();
            handler.close();
            assertThat(loop.isAlive()).isFalse();
        }
    }

    @Test
    @Tag("L-73")
    void whenTheLastHandlerIsGoneTheSignalDoesWhatItDidBefore() throws Exception {
        Process process = child("closes");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(new String(process.getInputStream().readAllBytes()).lines()).containsExactly("handled", "shutdown");
    }

    @Test
    @Tag("L-73")
    void theEndOfTheLoopRemovesItsHandlersToo() throws Exception {
        Process process = child("exits");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(new String(process.getInputStream().readAllBytes()).lines()).containsExactly("handled", "shutdown");
    }

    private static String origin(Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private static Process child(String how) throws IOException {
        List<String> path = List.of(origin(Scope.class), "target/classes", "target/test-classes");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, path),
                        Child.class.getName(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Handles TERM once; then it does what it does to every JVM: shutdown hooks, and the end.
    static final class Child {
        public static void main(String[] arguments) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("shutdown")));
            EventLoop.run(loop -> {
                Notifier[] handler = new Notifier[1];
                handler[0] = loop.onSignal(Signal.TERM, () -> {
                    System.out.println("handled");
                    if (arguments[0].equals("exits")) {
                        loop.exit();
                    } else {
                        handler[0].close();
                    }
                });
                kill(Signal.TERM);
            });
            kill(Signal.TERM);
            var _ = new CountDownLatch(1).await(30, TimeUnit.SECONDS); // the JVM ends before
        }
    }

    @Test
    @Tag("L-88")
    void whatListensBesideTheLoopsRunsUnderTheScopeOfWhoeverAskedAndLetsGo() throws InterruptedException {
        Key<String> key = Key.of("key");
        CountDownLatch heard = new CountDownLatch(2);
        Registration first = Scope.current().with(key, "mine").call(() -> Signal.USR1.onRaised(() -> {
            log.add(Scope.current().get(key).orElse("nobody's") + " at " + (Scope.current().home() == Home.root()));
            heard.countDown();
        }));
        Registration second = Signal.USR1.onRaised(heard::countDown);

        kill(Signal.USR1);

        assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).containsExactly("mine at true");
        first.close();
        second.close();
    }
}
