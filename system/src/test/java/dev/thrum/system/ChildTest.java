package dev.thrum.system;

import static dev.thrum.system.Stdio.IGNORE;
import static dev.thrum.system.Stdio.MERGE;
import static dev.thrum.system.Stdio.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChildTest {
    private final Processes processes = Processes.atMost(10);
    private final List<Object> log = new ArrayList<>();

    @TempDir
    Path directory;

    private static Command shell(String script) {
        return Command.of("sh", "-c", script);
    }

    private Child start(Command command) throws InterruptedException {
        return processes.start(command).await();
    }

    // ---- starting and ending

    @Test
    @Tag("SY-40")
    void aChildRunsAndItsEndIsToldOnceAtHomeWhichLivesUntilThen() {
        Path file = directory.resolve("touched");
        EventLoop.run(loop -> processes.start(Command.of("touch", file.toString())).tap(child -> child.exit().tap(exit -> {
            log.add(exit);
            log.add(child.isAlive());
            log.add(loop.isHere());
            log.add(Files.exists(file));
        })));
        assertThat(log).containsExactly(new Exit(0), false, true, true);
    }

    @Test
    @Tag("SY-41")
    void whatIsWrittenToTheInputComesBackFromTheOutput() {
        EventLoop.run(loop -> processes.start(Command.of("cat").withInput(PIPE).withOutput(PIPE)).tap(child -> {
            child.input().write("hello--");
            child.input().write("42--");
            child.output().readString(100).tap(log::add);
            child.input().end().tap(log::add);
            assertThatThrownBy(child::errors).hasMessage("the errors of a child can be had if it is a PIPE: IGNORE");
        }));
        assertThat(log).containsExactlyInAnyOrder(11L, "hello--42--");
    }

    @Test
    @Tag("SY-42")
    void errorOutputHasAPipeOfItsOwn() throws Exception {
        Child child = start(shell("cat 1>&2; echo done").withInput(PIPE).withOutput(PIPE).withErrors(PIPE));
        child.input().write("hello--42--");
        child.input().end();
        assertThat(child.errors().readString(100).await()).isEqualTo("hello--42--");
        assertThat(child.output().readString(100).await()).isEqualTo("done\n");
    }

    @Test
    @Tag("SY-42")
    void errorOutputCanBeMerged() throws Exception {
        Child child = start(shell("echo one; echo two 1>&2").withOutput(PIPE).withErrors(MERGE));
        assertThat(child.output().readString(100).await()).isEqualTo("one\ntwo\n");
    }

    @Test
    @Tag("SY-43")
    void aChildStreamsThroughFilesAndOtherChildren() throws Exception {
        Disk disk = Disk.shared();
        Path source = Files.writeString(directory.resolve("words"), "pear\napple\nfig\n".repeat(10_000));
        Path target = directory.resolve("sorted");
        Child sort = start(Command.of("sort").withInput(PIPE).withOutput(PIPE));
        Child unique = start(Command.of("uniq").withInput(PIPE).withOutput(PIPE));
        Promise<Long> first = disk.stream(source, sort.input()::write).then(size -> sort.input().end());
        Promise<Long> second = sort.output().stream(unique.input()::write).then(size -> unique.input().end());
        Promise<Long> third = disk.replacingSink(target)
                .then(sink -> unique.output().stream(sink::write).then(size -> sink.finish()));
        assertThat(first.await()).isEqualTo(second.await()).isEqualTo(150_000);
        assertThat(third.await()).isEqualTo(15);
        assertThat(target).hasContent("apple\nfig\npear\n");
    }

    @Test
    @Tag("SY-43")
    void streamsMayBeFiles() throws Exception {
        Path in = Files.writeString(directory.resolve("in"), "hello");
        Path out = Files.writeString(directory.resolve("out"), "old");
        Command cat = Command.of("cat").withInput(Stdio.file(in));
        start(cat.withOutput(Stdio.file(out))).exit().await();
        start(cat.withOutput(Stdio.append(out))).exit().await();
        assertThat(out).hasContent("hellohello");
        assertThatThrownBy(() -> start(cat.withInput(Stdio.file(directory.resolve("missing")))))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    @Tag("SY-44")
    void aMissingProgramIsNotFoundAndHasNoEnd() {
        EventLoop.run(loop -> processes
                .start(Command.of("no-such-program"))
                .tap(child -> child.exit().tap(log::add))
                .map(child -> "started")
                .recover(NoSuchFileException.class, problem -> {
                    log.add(problem.getMessage());
                    return "missing";
                }));
        assertThat(log).containsExactly("no-such-program: no such program");
        assertThat(processes.running()).isZero();
    }

    @Test
    @Tag("SY-44")
    void whatCannotBeRunSaysWhy() throws Exception {
        Path file = Files.createFile(directory.resolve("data"));
        assertThatThrownBy(() -> start(Command.of(file.toString()))).hasCauseInstanceOf(AccessDeniedException.class);
        Command command = Command.of("true");
        assertThatThrownBy(() -> start(command.withDirectory(file))).hasCauseInstanceOf(NotDirectoryException.class);
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> start(command.withDirectory(missing)))
                .cause()
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing.toString());
    }

    @Test
    @Tag("SY-46")
    void aChildSeesItsEnvironmentAndItsDirectory() throws Exception {
        Command print = Command.of("/bin/sh", "-c", "/usr/bin/env; pwd").withDirectory(directory).withOutput(PIPE);
        Command only = print.withEnvironment(new Command.Environment(false, Map.of("ENV", "=a b$c\"")));
        assertThat(start(only).output().readString(10_000).await())
                .contains("ENV==a b$c\"\n")
                .endsWith(directory.toRealPath() + "\n")
                .doesNotContain("HOME=");
        assertThat(start(print.with("ANSWER", "42")).output().readString(100_000).await())
                .contains("ANSWER=42\n", "PATH=");
    }

    @Test
    @Tag("SY-47")
    void aFailedCommandTellsItsCode() throws Exception {
        Exit exit = start(shell("exit 3")).exit().await();
        assertThat(exit).isEqualTo(new Exit(3));
        assertThat(exit.isSuccess()).isFalse();
        assertThat(exit.signal()).isEmpty();
    }

    // ---- signals and kills

    @Test
    @Tag("SY-45")
    void aSignalEndsAChildAndIsTold() throws Exception {
        Child child = start(Command.of("sleep", "100"));
        assertThat(child.signal("INT").await()).isTrue();
        assertThat(child.exit().await().signal()).hasValue(2);
        assertThat(child.signal("INT").await()).isFalse();
        assertThatThrownBy(() -> child.signal("-9")).hasMessage("a signal must have a name such as INT: -9");
    }

    @Test
    @Tag("SY-45")
    void aSignalThatTheSystemDoesNotKnowIsAnError() throws Exception {
        Child child = start(Command.of("sleep", "100"));
        assertThatThrownBy(() -> child.signal("NONSENSE").await())
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot send NONSENSE to process " + child.handle().pid() + ": ");
        assertThat(child.kill().await().signal()).hasValue(9);
    }

    @Test
    @Tag("SY-48")
    void stoppingAsksFirstAndKillsWhoDoesNotListen() throws Exception {
        Child polite = start(shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done").withOutput(PIPE));
        Child deaf = start(shell("trap '' TERM; echo ready; while :; do sleep 0.01; done").withOutput(PIPE));
        awaitReady(polite);
        awaitReady(deaf);
        assertThat(polite.stop(Duration.ofSeconds(60)).await()).isEqualTo(new Exit(7));
        assertThat(deaf.stop(Duration.ofMillis(50)).await().signal()).hasValue(9);
    }

    private static void awaitReady(Child child) throws InterruptedException {
        child.output()
                .stream(bytes -> Promise.failed(new IOException("that is enough")))
                .recover(IOException.class, enough -> 0L)
                .await();
    }

    @Test
    @Tag("SY-49")
    void aKillTakesTheWholeTree() throws Exception {
        Child child = start(shell("sh -c 'sleep 1000 & echo $!; wait' & wait").withOutput(PIPE));
        List<Long> pids = new ArrayList<>();
        Promise<Long> lines = child.output().lines(100, line -> {
            pids.add(Long.parseLong(line));
            child.kill();
        });
        assertThat(child.exit().await().signal()).hasValue(9);
        lines.await(); // nobody has the pipe open any more
        assertThat(pids).hasSize(1);
        Eventually.holds(() -> isGone(pids.getFirst()), "the grandchild is gone");
    }

    /// A zombie that its new parent has not buried is as good as gone.
    private static boolean isGone(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @Tag("SY-50")
    void aScopeThatIsCancelledStopsItsChildren() throws Exception {
        Scope request = Scope.current().child();
        Child child = request.call(() -> start(Command.of("sleep", "1000")));
        request.cancel(new IOException("the client went away"));
        assertThat(child.exit().await().signal()).hasValue(15);
        assertThatThrownBy(() -> request.call(() -> start(Command.of("sleep", "1000"))))
                .hasRootCauseMessage("the client went away");
    }

    @Test
    @Tag("SY-50")
    void aChildThatTakesTooLongIsStopped() throws Exception {
        Child child = start(Command.of("sleep", "1000"));
        assertThatThrownBy(() -> child.exit().within(Duration.ofMillis(10)).await())
                .hasCauseInstanceOf(TimeoutException.class);
        Eventually.holds(() -> !child.isAlive(), "it is stopped");
    }

    @Test
    @Tag("SY-51")
    void anUnreferencedChildLetsItsLoopEnd() throws Exception {
        List<Child> children = new ArrayList<>();
        EventLoop.run(loop -> processes.start(Command.of("sleep", "1000")).tap(child -> {
            assertThat(loop.whyAlive()).isNotEmpty();
            children.add(child.unref());
        }));
        Child child = children.getFirst();
        assertThat(child.isAlive()).isTrue();
        child.kill();
        Eventually.holds(() -> !child.isAlive(), "it is killed");
    }

    @Test
    @Tag("SY-52")
    void moreChildrenThanAllowedAreRefused() throws Exception {
        Processes few = Processes.atMost(1);
        Child child = few.start(Command.of("sleep", "1000")).await();
        assertThat(few.running()).isOne();
        assertThatThrownBy(() -> few.start(Command.of("true")).await())
                .cause()
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("no more than 1 child processes may run at once: true");
        child.kill().await();
        assertThat(few.running()).isZero();
        assertThat(few.start(Command.of("true")).then(Child::exit).await()).isEqualTo(new Exit(0));
    }

    @Test
    void aCommandIsChecked() {
        assertThatThrownBy(() -> Command.of("")).hasMessage("a command must name a program: []");
        assertThatThrownBy(() -> shell("true").withOutput(MERGE))
                .hasMessage("only error output can be merged into another stream: [sh, -c, true]");
        assertThat(shell("true").withErrors(MERGE).withOutput(Stdio.INHERIT).errors()).isEqualTo(Stdio.INHERIT);
        assertThat(shell("true").input()).isEqualTo(IGNORE);
        assertThatThrownBy(() -> Processes.atMost(0)).hasMessage("children must be 1 or more: 0");
    }
}
