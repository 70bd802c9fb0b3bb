package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A fixed team of worker threads that run tasks.
///
/// ```java
/// try (Kernel kernel = Kernel.start(4, k -> k.withName("jobs"))) {
///     Channel<Long> fibs = kernel.channel();
///     fibs.submit(() -> fib(40));
///     long first = fibs.receive();
///     kernel.submit(() -> fib(42)).tap(n -> System.out.println(n));   // comes home to the loop that asked
///     int killed = kernel.kill("reports");
/// }
/// ```
///
/// Tasks are for the processor: the workers are platform threads. Each task has a priority and a category, runs under the
/// scope of its sender but without its home, and takes the task handlers of its sender along. A kernel whose
/// configuration does not say otherwise lets the JVM exit though it was not closed; zombies always do.
///
/// **Threads.** Any thread, several at once. [#broadcast] and [#close] block; nothing else does.
/// **Ordering.** A submission *happens-before* its task, and the task *happens-before* whatever receives its result.
/// With one worker, tasks of one priority run in the order of their submission.
/// **Failure.** Whatever a task throws, an `Error` too, ends that task and no worker.
public sealed interface Kernel extends Submitter, AutoCloseable permits Team {

    /// After how many tasks of default priority in a row a worker looks for one of low priority.
    int PATIENCE = 1_000;

    /// What [#kill(Object, Kill...)] should do besides.
    enum Kill {
        /// Count only, and kill nothing.
        DRY_RUN,
        /// Also end the tasks that wait for a worker or for room in a bounded channel; they never run.
        INCLUDE_QUEUED
    }

    /// {@return a running kernel}
    /// @param workers how many workers, at least one
    /// @throws IllegalArgumentException if `workers` is less than one
    /// @throws KernelCreationException if the workers could not be started
    static Kernel start(int workers) {
        return start(workers, config -> config);
    }

    /// {@return a running kernel set up by `configure`} Lisp's `make-kernel`. Returns when all workers have begun.
    /// @param workers how many workers, at least one
    /// @param configure turns [KernelConfig#defaults] into the wanted configuration
    /// @throws IllegalArgumentException if `workers` is less than one
    /// @throws KernelCreationException if a worker's context failed or did not run it, or a binding or a thread could not
    ///     be made; no thread is left then, or those there are end by themselves
    static Kernel start(int workers, UnaryOperator<KernelConfig> configure) {
        requireWorkers(workers);
        return Team.start(workers, configure.apply(KernelConfig.defaults()));
    }

    /// {@return the current kernel: the one whose [#during] is innermost around this code, else that of the worker that
    /// runs it, else the default one} Lisp's `*kernel*` and `check-kernel`.
    /// @throws NoKernelException if there is none
    static Kernel current() {
        return Current.team().orElseThrow(NoKernelException::new);
    }

    /// {@return the current kernel; `other` where there is none} Lisp's `check-kernel` with the restart `store-value`.
    /// @param other what to use instead; it does not become current by that
    static Kernel currentOr(Kernel other) {
        requireNonNull(other, "other");
        return Current.team().<Kernel>map(team -> team).orElse(other);
    }

    /// {@return the current kernel; where there is none a new one, which becomes the default} If two threads ask at once,
    /// both get the same. Lisp's `check-kernel` with the restart `make-kernel`.
    /// @param workers how many workers a new one has, at least one
    /// @throws IllegalArgumentException if `workers` is less than one
    /// @throws KernelCreationException if the workers could not be started
    static Kernel currentOrStart(int workers) {
        requireWorkers(workers);
        return Current.start(workers);
    }

    private static void requireWorkers(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1: " + workers);
        }
    }

    /// Runs `body` with this as the current kernel; tasks submitted inside see it as their worker's does, if they run
    /// elsewhere.
    /// @param body what to run
    void during(Runnable body);

    /// Makes this the current kernel wherever there is no other, until it ends. It takes the place of an earlier default.
    /// @return this kernel
    Kernel makeDefault();

    // ---- tasks

    /// {@return a new channel to this kernel}
    /// @param <T> the type of its results
    <T extends @Nullable Object> Channel<T> channel();

    /// {@return a new channel with room for `capacity` results} At most that many of its tasks are waiting for a worker,
    /// running, or done and not received; the others are held back, in order, and keep no worker waiting. Once the
    /// kernel is ending, there is room for all.
    /// @param <T> the type of its results
    /// @param capacity how many, at least one
    /// @throws IllegalArgumentException if `capacity` is less than one
    <T extends @Nullable Object> Channel<T> channel(int capacity);

    /// {@return a new batch of tasks, whose results come in the order of submission or as they are done}
    /// @param <T> the type of its results
    <T extends @Nullable Object> Batch<T> batch();

    /// {@return the results, by index, of running `task` once in every worker at the same time} Waits until every task of
    /// both priorities that was submitted before has ended; tasks submitted after it wait until it has. A task held back
    /// by a bounded channel counts as not yet submitted. Lisp's `broadcast-task`.
    /// @param <T> the type of the results
    /// @param task what every worker runs; none begins before all are ready
    /// @throws TaskException if it failed in a worker, with its exception as the cause; further ones are suppressed in it
    /// @throws TaskKilledException if it was killed in a worker, or a worker was missing; the others' parts still ran
    /// @throws IllegalStateException if called from inside a worker of this kernel
    /// @throws RejectedExecutionException if the kernel has ended
    /// @throws InterruptedException if the thread is interrupted while it waits; the task still runs in every worker
    <T extends @Nullable Object> List<T> broadcast(Callable<? extends T> task) throws InterruptedException;

    /// Runs `root` on the calling thread, while idle workers of this kernel take over pieces that it offers, and returns
    /// when all of them have ended. The caller may be one of the workers; another thread takes part as one more.
    /// The pieces run under the caller's scope, and under the category of its task. When that scope is cancelled, or the
    /// task killed, pieces that workers run are killed, and the caller stops at its next checkpoint.
    /// @param root a new piece
    /// @throws RejectedExecutionException if the kernel has ended
    /// @throws java.util.concurrent.CancellationException if the computation was cancelled, or the calling thread
    ///     interrupted while it waited, whose mark stays
    /// @throws TaskKilledException if a piece was killed
    /// @throws RuntimeException what `root` threw, or the reason of [Hands#stop]
    void spread(Piece root);

    /// Kills the running tasks of `category`. Each is settled at once, with a [TaskKilledException]; its thread is taken
    /// from the team and interrupted, and a new one with the same index, bindings and context takes its place. The old
    /// thread runs on as a [Zombie] until its task returns: nothing in Java can end it. Tasks that such a task has
    /// submitted are killed with it, or dropped. At the cap of zombies a kill still settles and interrupts, but the
    /// place stays empty until a zombie ends: [Counters#strength] tells, and a warning is logged. Lisp's `kill-tasks`.
    /// @param category which tasks, by `equals`; [Task#DEFAULT_CATEGORY] for those without one
    /// @param options what to do besides
    /// @return how many tasks were killed, those ended while waiting included
    /// @throws TaskKilledException if the caller was itself a task of this kernel and of `category`, and so is killed now
    int kill(Object category, Kill... options);

    /// {@return this kernel for those who need an executor service} Its futures hear of a kill at once, with a
    /// [TaskKilledException] as the cause; `cancel(true)` drops or kills the task. Its `shutdown` ends this kernel, and its
    /// `shutdownNow` does so and kills or takes back what was submitted through it; `close` waits for the end. Category and
    /// priority are those of the scope. What a task throws that was sent by `execute` goes to the [Home#report] of its
    /// sender's home.
    ExecutorService asExecutorService();

    // ---- what it is and does

    /// {@return what the busy workers run}
    List<Running> running();

    /// {@return what waits for what, a line each: tasks for room in a full channel, and whether anybody receives from it;
    /// tasks that run for the result of a channel; tasks for a worker, and what the workers do; the kernel for workers that
    /// it goes without} The places are named while tracing is on (see [dev.thrum.scope.Trace]). Where nothing has moved for
    /// [KernelConfig.Limits#stall], a warning says the same, unless all that waits is tasks of low priority for workers of
    /// which one is running.
    List<String> whyWaiting();

    /// {@return the threads of killed tasks that have not ended}
    List<Zombie> zombies();

    /// {@return what this kernel has done and is doing}
    Counters counters();

    /// {@return how it was set up}
    KernelConfig config();

    /// {@return its name}
    default String name() {
        return config().name();
    }

    /// {@return how many workers it has}
    int workers();

    /// {@return the index of the worker of this kernel that runs this, from 0; empty elsewhere}
    OptionalInt workerIndex();

    // ---- its end

    /// Ends it, without waiting: nothing can be submitted any more, all that was submitted is run, and then the workers
    /// end. After [KernelConfig.Limits#killTimeout] what still runs is killed, and what still waits is dropped. Lisp's
    /// `end-kernel`.
    /// @return fulfilled when all workers are gone, with the zombies that remain; a warning names them too
    /// @throws IllegalStateException if the system has no thread to wait for the workers: they end, but nobody tells when;
    ///     call this or [#close] again
    Promise<List<Zombie>> end();

    /// Ends it and waits until all workers are gone. A task that never returns keeps it waiting until somebody kills it,
    /// or [KernelConfig.Limits#killTimeout] has passed. Interrupting the thread that waits has all tasks killed or
    /// dropped; the wait goes on, and the thread stays interrupted.
    /// @throws IllegalStateException if called from inside a worker of this kernel, or if the system has no thread to wait
    ///     for the workers: then they end, but nobody tells when; call it again
    @Override
    void close();
}
