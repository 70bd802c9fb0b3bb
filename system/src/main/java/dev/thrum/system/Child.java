package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.regex.Pattern;

/// A child process: started by [Processes#start].
///
/// ```java
/// processes.start(Command.of("sort").withInput(PIPE).withOutput(PIPE)).tap(child -> {
///     child.output().readString(10_000).tap(IO::println);
///     child.input().write("b\na\n");
///     child.input().end();
/// });
/// ```
///
/// The home it was started at lives until the child has ended and its [#exit] is told, unless it is [unreferenced][#unref].
/// When the scope it was started under is cancelled, it is [stopped][#stop]. When its loop ends, or the JVM, it runs on.
///
/// **Threads.** Any thread may call anything; nothing blocks.
///
/// The counterpart of cl-async's `process`.
public final class Child {
    /// How long a child has to end by itself when its scope, or its [#exit], is cancelled: 2 seconds.
    public static final Duration GRACE = Duration.ofSeconds(2);

    private static final Pattern SIGNAL = Pattern.compile("[A-Z][A-Z0-9+-]*");

    private final Command command;
    private final Process process;
    private final Lane kills;
    private final Tree tree;
    private final Resolver<Exit> exit;
    private final ChildInput input;
    private final ChildOutput output;
    private final ChildOutput errors;
    private Registration cancellation = Registration.none(); // written before the thread starts that waits for the end

    Child(Command command, Process process, Resolver<Exit> exit, Processes processes) {
        this.command = command;
        this.process = process;
        this.exit = exit;
        this.kills = processes.kills();
        this.tree = new Tree(process.toHandle(), kills);
        this.input = new ChildInput(processes::proceed, toString(), process.getOutputStream());
        this.output = new ChildOutput(processes::proceed, toString(), process.getInputStream());
        this.errors = new ChildOutput(processes::proceed, toString(), process.getErrorStream());
    }

    /// From now on a cancellation stops it.
    void heedCancellation() {
        Registration registration = Scope.current().onCancel(reason -> tree.end(GRACE));
        cancellation = registration;
        exit.onCancel(reason -> tree.end(GRACE));
    }

    /// Blocks until it has ended.
    void awaitEnd() {
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void tellEnd() {
        cancellation.close();
        exit.resolve(new Exit(process.exitValue()));
    }

    /// {@return what it runs}
    public Command command() {
        return command;
    }

    /// {@return its handle in the JDK, for its number and what else the system knows of it}
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// {@return its input, to be written}
    /// @throws IllegalStateException if its command does not make a pipe of it
    public ChildInput input() {
        checkPiped(command.input(), "input");
        return input;
    }

    /// {@return its output, to be read}
    /// @throws IllegalStateException if its command does not make a pipe of it
    public ChildOutput output() {
        checkPiped(command.output(), "output");
        return output;
    }

    /// {@return its error output, to be read}
    /// @throws IllegalStateException if its command does not make a pipe of it
    public ChildOutput errors() {
        checkPiped(command.errors(), "errors");
        return errors;
    }

    private void checkPiped(Stdio stdio, String name) {
        if (stdio != Stdio.PIPE) {
            throw new IllegalStateException("the " + name + " of a child can be had if it is a PIPE: " + stdio);
        }
    }

    /// {@return how it has ended, at the home it was started at} Its output may come later than that. Cancelling this, as
    /// `exit().within(…)` does when the time is over, stops the child.
    public Promise<Exit> exit() {
        return exit.promise();
    }

    /// {@return whether it has not ended yet}
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Ends it and its descendants: asks them to (`SIGTERM`), and kills who is left after `grace` (`SIGKILL`). A descendant
    /// whose parent has ended before belongs to the system, and is not found.
    /// @param grace how long they have, not negative
    /// @return [#exit]
    /// @throws IllegalArgumentException if `grace` is negative
    public Promise<Exit> stop(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative: " + grace);
        }
        if (process.isAlive()) {
            tree.end(grace);
        }
        return exit.promise();
    }

    /// Kills it and its descendants at once (`SIGKILL`).
    /// @return [#exit]
    public Promise<Exit> kill() {
        return stop(Duration.ZERO);
    }

    /// Sends a signal to it alone, on a POSIX system (cl-async's `process-kill`).
    /// @param name its name without `SIG`, such as `INT` or `HUP`
    /// @return whether it was still there to get it, at the home of the caller. Rejected with an [java.io.IOException] if the
    ///     system knows no such signal
    /// @throws IllegalArgumentException if `name` cannot be the name of a signal
    public Promise<Boolean> signal(String name) {
        if (!SIGNAL.matcher(requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("a signal must have a name such as INT: " + name);
        }
        return kills.submit(() -> tree.signal(name));
    }

    /// Lets the home it was started at end before it does.
    /// @return this child
    public Child unref() {
        exit.promise().unref();
        return this;
    }

    @Override
    public String toString() {
        return "process " + process.pid() + " (" + command.words().getFirst() + ")";
    }
}
