package dev.thrum.system;

import static dev.thrum.system.Stdio.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promises;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PipeTest {
    private static final int PIPE_CAPACITY = 64 * 1024;

    private final Processes processes = Processes.atMost(300);
    private final List<Object> log = new ArrayList<>();

    private static Command shell(String script) {
        return Command.of("sh", "-c", script);
    }

    private Child start(Command command) throws InterruptedException {
        return processes.start(command).await();
    }

    // ---- back-pressure

    @Test
    @Tag("SY-53")
    void aChildThatIsAheadOfTheSinkWaits() throws Exception {
        Child child = start(Command.of("yes").withOutput(PIPE));
        var pieces = new AtomicInteger();
        Resolver<String> taken = Resolver.create();
        Promise<Long> stream = child.output().stream(bytes -> {
            pieces.incrementAndGet();
            return taken.promise();
        });
        Eventually.holds(() -> pieces.get() == 1, "the first piece comes");
        Eventually.holds(() -> isBlockedWriting(child), "the child waits in a write");
        assertThat(pieces).hasValue(1);
        taken.reject(new IOException("enough"));
        assertThatThrownBy(stream::await).hasRootCauseMessage("enough");
        assertThat(child.exit().await().signal()).hasValue(13); // SIGPIPE: its output is closed
    }

    private static boolean isBlockedWriting(Child child) {
        try {
            return Files.readString(Path.of("/proc/" + child.handle().pid() + "/stat")).contains(") S ");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Tag("SY-54")
    void aWriteIsToldWhenTheSystemHasItSoAChildThatIsBehindIsSeen() throws Exception {
        Child child = start(Command.of("sleep", "1000").withInput(PIPE));
        Promise<Long> small = child.input().write(ByteBuffer.allocate(1000));
        assertThat(small.await()).isEqualTo(1000);
        Promise<Long> large = child.input().write(ByteBuffer.allocate(4 * PIPE_CAPACITY));
        Promise<Long> last = child.input().write("\n");
        assertThat(child.input().pending()).isEqualTo(4 * PIPE_CAPACITY + 1);
        assertThat(large.state()).isInstanceOf(Pending.class);
        child.kill().await();
        assertThatThrownBy(large::await)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot write to process ");
        assertThatThrownBy(last::await).hasCauseInstanceOf(IOException.class);
        assertThat(child.input().pending()).isZero();
    }

    @Test
    @Tag("SY-54")
    void writesLargerThanThePipeArriveWhole() throws Exception {
        Child child = start(Command.of("wc", "-c").withInput(PIPE).withOutput(PIPE));
        child.input().write(ByteBuffer.allocateDirect(500_000));
        child.input().write(ByteBuffer.allocate(500_000));
        assertThat(child.input().end().await()).isEqualTo(1_000_000);
        assertThat(child.output().readString(100).await().strip()).isEqualTo("1000000");
        assertThatThrownBy(() -> child.input().write("late").await())
                .hasRootCauseMessage("nothing can be written after the end: the input of " + child);
    }

    @Test
    @Tag("SY-54")
    void aPieceThatIsCancelledBeforeItsTurnIsNotWritten() throws Exception {
        Child child = start(shell("read start; cat").withInput(PIPE).withOutput(PIPE));
        ByteBuffer first = ByteBuffer.allocate(4 * PIPE_CAPACITY);
        first.put(0, (byte) '\n');
        Promise<Long> blocked = child.input().write(first);
        Promise<Long> dropped = child.input().write("dropped");
        assertThat(dropped.cancel()).isTrue();
        Promise<Long> end = child.input().end();
        Promise<byte[]> output = child.output().read(10 * PIPE_CAPACITY);
        assertThat(blocked.await()).isEqualTo(4 * PIPE_CAPACITY);
        assertThat(end.await()).isEqualTo(4 * PIPE_CAPACITY);
        assertThat(output.await()).hasSize(4 * PIPE_CAPACITY - 1);
    }

    @Test
    @Tag("SY-52")
    void theLastChildThatIsAllowedMayUseAllItsPipesAtOnce() throws Exception {
        Child child = Processes.atMost(1)
                .start(Command.of("tee", "/dev/stderr").withInput(PIPE).withOutput(PIPE).withErrors(PIPE))
                .await();
        Promise<Long> output = child.output().stream(ByteSink.of(bytes -> {}));
        Promise<Long> errors = child.errors().stream(ByteSink.of(bytes -> {}));
        for (int i = 0; i < 200; i++) {
            child.input().write(ByteBuffer.allocate(10_000)).await();
        }
        assertThat(child.input().end().await()).isEqualTo(2_000_000);
        assertThat(output.await()).isEqualTo(2_000_000);
        assertThat(errors.await()).isEqualTo(2_000_000);
    }

    // ---- reading

    @Test
    @Tag("SY-55")
    void outputComesLineByLine() throws Exception {
        Child child = start(shell("printf 'one\\r\\ntwo\\n\\nlast'").withOutput(PIPE));
        assertThat(child.output().lines(10, log::add).await()).isEqualTo(14);
        assertThat(log).containsExactly("one", "two", "", "last");
        assertThatThrownBy(() -> child.output().read(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("SY-55")
    void outputIsLimited() throws Exception {
        Child lines = start(Command.of("yes", "no more").withOutput(PIPE));
        assertThatThrownBy(() -> lines.output().lines(6, log::add).await())
                .cause()
                .isInstanceOf(LimitException.class)
                .hasMessage("a line of more than 6 bytes from " + lines);
        Child bytes = start(Command.of("yes").withOutput(PIPE));
        assertThatThrownBy(() -> bytes.output().read(1_000_000).await()).hasCauseInstanceOf(LimitException.class);
        assertThat(lines.exit().await().signal()).hasValue(13);
        assertThat(bytes.exit().await().signal()).hasValue(13);
    }

    @Test
    @Tag("SY-56")
    void outputThatNobodyReadInTimeIsStillThereAfterTheEnd() throws Exception {
        Child child = start(shell("echo last words").withOutput(PIPE));
        child.exit().await();
        assertThat(child.output().readString(100).await()).isEqualTo("last words\n");
    }

    @Test
    @Tag("SY-57")
    void runCollectsWhatAChildWritesAndItsEnd() throws Exception {
        assertThat(processes.run(shell("echo out; echo err 1>&2; exit 5"), 100).await())
                .isEqualTo(new Processes.Finished(new Exit(5), "out\n", "err\n"));
        assertThat(processes.run(shell("echo out; echo err 1>&2").withErrors(Stdio.MERGE), 100).await())
                .isEqualTo(new Processes.Finished(new Exit(0), "out\nerr\n", ""));
    }

    @Test
    @Tag("SY-57")
    void runKillsAChildThatWritesTooMuchOrTakesTooLong() {
        assertThatThrownBy(() -> processes.run(shell("yes; sleep 1000"), 1_000).await())
                .hasCauseInstanceOf(LimitException.class);
        assertThatThrownBy(() -> processes.run(Command.of("sleep", "1000"), 100).within(Duration.ofMillis(10)).await())
                .hasCauseInstanceOf(TimeoutException.class);
        Eventually.holds(() -> processes.running() == 0, "both are gone");
    }

    @Test
    @Tag("SY-57")
    void aRunGoesWithItsScope() {
        Scope request = Scope.current().child();
        Promise<Processes.Finished> run = request.call(() -> processes.run(Command.of("sleep", "1000"), 100));
        request.cancel(new IOException("the client went away"));
        assertThatThrownBy(run::await).hasRootCauseMessage("the client went away");
        Eventually.holds(() -> processes.running() == 0, "it is gone");
    }

    @Test
    @Tag("SY-57")
    void linesAreToldUnderTheScopeOfWhoeverAsked() {
        Key<String> user = Key.of("user");
        EventLoop.run(loop -> Scope.current().with(user, "ada").run(() -> processes.start(shell("echo one").withOutput(PIPE))
                .tap(child -> child.output().lines(100, line ->
                        log.add(line + " " + Scope.current().get(user).orElse("nobody") + " " + (Scope.current().home() == loop))))));
        assertThat(log).containsExactly("one ada true");
    }

    // ---- ends that come apart

    @Test
    @Tag("SY-59")
    void theEndOfAChildIsToldThoughAGrandchildStillHasItsOutput() throws Exception {
        Child child = start(shell("sleep 1000 & echo $!").withOutput(PIPE));
        List<Long> grandchild = new CopyOnWriteArrayList<>();
        Promise<Long> lines = child.output().lines(100, line -> grandchild.add(Long.parseLong(line)));
        assertThat(child.exit().await()).isEqualTo(new Exit(0));
        Eventually.holds(() -> grandchild.size() == 1, "the line has come");
        ProcessHandle.of(grandchild.getFirst()).orElseThrow().destroyForcibly();
        assertThat(lines.await()).isPositive();
    }

    @Test
    @Tag("SY-59")
    void aStreamWhoseLoopHasEndedClosesItsPipe() {
        List<Child> children = new ArrayList<>();
        EventLoop.run(loop -> processes.start(Command.of("yes").withOutput(PIPE)).tap(child -> {
            children.add(child);
            child.output().stream(bytes -> {
                loop.exit();
                return Promise.of(true);
            });
        }));
        Eventually.holds(() -> !children.getFirst().isAlive(), "it could write no more");
    }

    // ---- many

    private static long pipes() {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.filter(PipeTest::isPipe).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    @Tag("SY-58")
    @Timeout(480)
    void threeHundredChildrenAtOnceHurtNobodyAndLeaveNothing() {
        long before = pipes();
        var alive = new AtomicInteger();
        var fileRead = new AtomicInteger();
        EventLoop.run(loop -> {
            List<Promise<Child>> children = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Command cat = Command.of("cat").withInput(PIPE).withOutput(PIPE).withErrors(PIPE);
                children.add(processes.start(cat));
            }
            Promises.all(children).tap(all -> {
                alive.set(processes.running());
                Disk.shared().stat(Path.of("/")).tap(info -> fileRead.incrementAndGet());
                all.forEach(child -> {
                    child.errors().read(100).tap(errors -> assertThat(errors).isEmpty());
                    child.output().readString(100).tap(log::add);
                });
                all.forEach(child -> child.input().write("child " + all.indexOf(child)).then(n -> child.input().end()));
            });
        });
        assertThat(alive).hasValue(300);
        assertThat(fileRead).hasValue(1);
        assertThat(log).hasSize(300).doesNotHaveDuplicates();
        Eventually.holds(() -> processes.threads() == 0, "the threads are gone");
        Eventually.holds(() -> pipes() <= before, "the pipes are closed");
    }
}
