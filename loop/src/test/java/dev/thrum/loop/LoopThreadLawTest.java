package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Walks through all public methods of a loop and its handles, on a thread that is not the loop's. A method that is added
/// is walked through, too.
@Timeout(60)
class LoopThreadLawTest {
    /// What `docs/threads.md` allows on any thread.
    private static final Set<String> ANY = Set.of(
            "EventLoop.name", "EventLoop.exit", "EventLoop.blockedTurns", "EventLoop.awaitEnd",
            "Home.isHere", "Home.post", "Home.hold", "Home.schedule", "Home.nanoTime", "Home.report", "Home.entered",
            "Home.execute", "EventLoop.execute", "Executor.execute",
            "Handle.loop", "Poll.channel",
            "Notifier.trigger", "Notifier.isFreed", "LoopEvent.activate", "LoopEvent.isFreed",
            "Mailbox.send", "Mailbox.size", "Mailbox.dropped");

    private static final Map<Class<?>, Object> ARGUMENTS = Map.ofEntries(
            Map.entry(Duration.class, Duration.ofMillis(1)),
            Map.entry(Runnable.class, (Runnable) () -> {}),
            Map.entry(Consumer.class, (Consumer<Object>) value -> {}),
            Map.entry(Signal.class, Signal.WINCH),
            Map.entry(Mailbox.Overflow.class, Mailbox.Overflow.REJECT),
            Map.entry(Timer.Missed.class, Timer.Missed.SKIP),
            Map.entry(Poll.Handler.class, (Poll.Handler) ready -> {}),
            Map.entry(Throwable.class, new IllegalStateException("reported on purpose")),
            Map.entry(Scope.class, Scope.root()),
            Map.entry(Object.class, "message"),
            Map.entry(int.class, 1));

    private static final Map<Class<?>, Object> TARGETS = new java.util.HashMap<>();
    private static EventLoop loop;
    private static Pipe pipe;

    @BeforeAll
    static void makeOneOfEachKind() throws Exception {
        loop = EventLoop.start(LoopConfig.named("theirs").withOnError(problem -> {}));
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        NotifierStressTest.on(loop, () -> {
            TARGETS.put(EventLoop.class, loop);
            TARGETS.put(Timer.class, loop.after(Duration.ofHours(1), () -> {}));
            TARGETS.put(Notifier.class, loop.notifier(() -> {}));
            TARGETS.put(LoopEvent.class, loop.event(() -> {}));
            TARGETS.put(Idler.class, loop.idle(() -> {}));
            TARGETS.put(Mailbox.class, loop.mailbox(1, Mailbox.Overflow.REJECT, message -> {}));
            TARGETS.put(Poll.class, loop.poll(pipe.source(), 0, ready -> {}));
            return null;
        });
    }

    @AfterAll
    static void end() throws Exception {
        loop.exit();
        loop.awaitEnd(Duration.ofSeconds(20));
        pipe.source().close();
        pipe.sink().close();
    }

    static Stream<Method> ofTheLoopsThread() {
        return methods().filter(method -> !ANY.contains(name(method)));
    }

    static Stream<Method> ofAnyThread() {
        return methods().filter(method -> ANY.contains(name(method))).filter(method -> !method.getName().equals("exit"));
    }

    private static Stream<Method> methods() {
        return Stream.of(
                        EventLoop.class, Timer.class, Notifier.class, LoopEvent.class, Idler.class, Mailbox.class, Poll.class)
                .flatMap(type -> Arrays.stream(type.getMethods()).filter(method -> !method.isBridge()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .distinct();
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static void call(Method method) throws Throwable {
        Object target = TARGETS.values().stream()
                .filter(method.getDeclaringClass()::isInstance)
                .findFirst()
                .orElseThrow();
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == SelectableChannel.class ? pipe.source() : ARGUMENTS.get(type))
                .toArray();
        assertThat(arguments).as("arguments for %s", method).doesNotContainNull();
        try {
            method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @ParameterizedTest
    @MethodSource
    @Tag("L-11")
    void ofTheLoopsThread(Method method) {
        assertThatThrownBy(() -> call(method))
                .isInstanceOf(WrongThreadException.class)
                .hasMessage("this belongs to loop 'theirs' on thread 'theirs', called from thread '"
                        + Thread.currentThread().getName() + "'");
    }

    @ParameterizedTest
    @MethodSource
    @Tag("L-11")
    void ofAnyThread(Method method) {
        assertThatCode(() -> call(method)).doesNotThrowAnyException();
    }

    @org.junit.jupiter.api.Test
    void everyHandleKnowsItsLoop() {
        assertThat(((Handle) TARGETS.get(Timer.class)).loop()).isSameAs((Home) loop);
    }
}
