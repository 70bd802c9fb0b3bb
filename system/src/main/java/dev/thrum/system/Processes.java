package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Promises;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Starts child processes, without blocking whoever asks.
///
/// ```java
/// Processes.shared().run(Command.of("git", "log", "-1"), 100_000)
///         .tap(finished -> IO.println(finished.output()));
/// ```
///
/// A pipe of a child blocks whoever reads or writes it, so it has a thread for as long as a read or a write goes on; one more
/// waits for the end of the child. These threads are daemons, four at work for each child at most, and go some seconds after
/// their work. The number of children is bounded, and so is theirs.
///
/// **Threads.** Any thread may call anything; nothing blocks.
public final class Processes {
    private static final int SHARED_LIMIT = 1_000;
    private static final int STEPS_FOR_EACH = 8; // three pipes and the end, each with one that is about to be over
    private static final int IDLE_SECONDS = 2;

    private final int limit;
    private final Semaphore room;
    private final Lane starts = Lane.start("spawn", 2, Integer.MAX_VALUE - 2); // bounded by the room
    private final Lane kills = Lane.start("kill", 2, 10_000);
    private final Lane threadStarts = Lane.start("child-threads", 1, 10_000);
    private final Semaphore steps;
    private final ThreadPoolExecutor threads; // bounded by the steps

    private static final class Shared {
        static final Processes PROCESSES = new Processes(SHARED_LIMIT);
    }

    /// What has come of [#run].
    ///
    /// @param exit how the child has ended
    /// @param output all of its output, as UTF-8
    /// @param errors all of its error output, as UTF-8; empty if that went elsewhere
    public record Finished(Exit exit, String output, String errors) {}

    private Processes(int limit) {
        this.limit = limit;
        this.room = new Semaphore(limit);
        this.steps = new Semaphore(Math.multiplyExact(STEPS_FOR_EACH, limit));
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("thrum-child-", 0).factory());
    }

    /// {@return those of this process: up to a thousand children at once}
    public static Processes shared() {
        return Shared.PROCESSES;
    }

    /// {@return processes with a bound of their own}
    /// @param children how many may run at once, at least 1
    /// @throws IllegalArgumentException if `children` is less than 1
    public static Processes atMost(int children) {
        if (children < 1) {
            throw new IllegalArgumentException("children must be 1 or more: " + children);
        }
        return new Processes(children);
    }

    /// {@return how many children run, or are about to}
    public int running() {
        return limit - room.availablePermits();
    }

    /// Starts a child process (cl-async's `spawn`).
    /// @param command what it runs
    /// @return the child, at the home of the caller, once it runs. Rejected with a [java.nio.file.NoSuchFileException] if there
    ///     is no such program, or no such directory to run it in; with an [java.nio.file.AccessDeniedException] if it may not be
    ///     run; with another [IOException] that tells what the system says; with a [RejectedExecutionException] if as many
    ///     children run as may. Cancelled too late, it stops the child
    public Promise<Child> start(Command command) {
        requireNonNull(command, "command");
        if (!room.tryAcquire()) {
            return Promise.failed(new RejectedExecutionException(
                    "no more than " + limit + " child processes may run at once: " + command.words().getFirst()));
        }
        Resolver<Exit> exit = Resolver.holding();
        var started = new AtomicBoolean();
        return starts.submit(
                () -> {
                    Child child = begin(command, exit);
                    started.set(true);
                    return child;
                },
                child -> child.stop(Child.GRACE),
                () -> {
                    if (!started.get()) {
                        room.release();
                        exit.promise().unref();
                    }
                });
    }

    private Child begin(Command command, Resolver<Exit> exit) throws IOException {
        var child = new Child(command, command.start(), exit, this);
        child.heedCancellation();
        try {
            proceed(() -> {
                child.awaitEnd();
                room.release();
                child.tellEnd();
            });
        } catch (RejectedExecutionException e) {
            child.kill();
            throw e;
        }
        return child;
    }

    /// Runs a child process to its end, without input, and collects what it writes.
    /// @param command what it runs; its output is piped, and its error output too, unless that goes elsewhere than
    ///     [Stdio#IGNORE]
    /// @param limit how many bytes of output, and of error output, at most; more kill it and reject the promise with a
    ///     [LimitException]
    /// @return what has come of it, at the home of the caller, whatever it returned. Rejected as in [#start]. Cancelling it, as
    ///     `within(…)` does when the time is over, stops the child
    /// @throws IllegalArgumentException if `limit` is negative
    public Promise<Finished> run(Command command, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limits must not be negative: " + limit);
        }
        Command piped = command.withOutput(Stdio.PIPE);
        boolean collects = piped.errors() == Stdio.IGNORE;
        return start(collects ? piped.withErrors(Stdio.PIPE) : piped).then(child -> {
            Promise<String> output = child.output().readString(limit);
            Promise<String> errors = collects ? child.errors().readString(limit) : Promise.of("");
            return Promises.let(child.exit(), output, errors, Finished::new).lastly(() -> {
                if (child.isAlive()) {
                    child.kill();
                }
            });
        });
    }

    // ---- for its children

    Lane kills() {
        return kills;
    }

    /// {@return how many threads there are for pipes and ends}
    int threads() {
        return threads.getPoolSize();
    }

    /// Runs a step that may block for long, on a thread that nobody else waits for: an idle one, or else a new one, which
    /// another thread starts, since that takes longer than a loop has time.
    void proceed(Runnable step) {
        if (!steps.tryAcquire()) {
            throw new RejectedExecutionException("all threads for pipes of child processes are busy: " + threads());
        }
        Runnable counted = () -> {
            try {
                step.run();
            } finally {
                steps.release();
            }
        };
        if (!threads.getQueue().offer(counted)) {
            threadStarts.proceed(() -> threads.execute(counted));
        }
    }

    @Override
    public String toString() {
        return running() + " of " + limit + " child processes";
    }
}
