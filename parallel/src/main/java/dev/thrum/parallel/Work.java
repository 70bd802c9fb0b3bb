package dev.thrum.parallel;

import dev.thrum.kernel.Hands;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Piece;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.scope.Home;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A computation that has not begun: run it and wait, or start it and go on.
///
/// ```java
/// List<Picture> small = parallel.over(pictures).map(Picture::thumbnail).run();          // in a worker, or a main thread
/// parallel.over(pictures).map(Picture::thumbnail).start().tap(response::send);          // on a loop
/// ```
///
/// It may be run again, and then computes again.
///
/// **Threads.** Any thread, but for [#run] on a loop.
/// **Ordering.** What happened before the call *happens-before* the functions, and those *happen-before* its result.
/// **Failure.** A function that throws stops the whole, unless it goes [Parallel#toEnd]: pieces that have not begun never do,
/// those that run end at their next element or so, and only then the failure is told. When the scope of the caller is
/// cancelled, its deadline passes, or the task that called is killed, pieces in workers are killed with it.
///
/// @param <R> the type of the result
public final class Work<R extends @Nullable Object> {
    private final Supplier<? extends R> run;
    private final Supplier<? extends Promise<R>> start;

    /// The computation.
    interface Body<R extends @Nullable Object> {
        /// {@return the result}
        /// @param hands those of the thread that runs it
        /// @param home where its progress is told
        R compute(Hands hands, Home home);
    }

    private static final class Root<R extends @Nullable Object> extends Piece {
        private final Body<R> body;
        private final Home home;
        private @Nullable R result;

        Root(Body<R> body, Home home) {
            this.body = body;
            this.home = home;
        }

        @Override
        protected void run(Hands hands) {
            result = body.compute(hands, home);
        }

        @SuppressWarnings("NullAway") // what the body returned, null where R allows it
        R result() {
            return result;
        }
    }

    Work(Parallel parallel, Body<R> body) {
        Spread<R> spread = new Spread<>(parallel, body);
        this.run = spread::run;
        this.start = spread::start;
    }

    /// Work that somebody else does.
    Work(Supplier<? extends Promise<R>> start) {
        this.run = () -> await(start.get());
        this.start = start;
    }

    /// {@return the result, waiting for it} A worker of the kernel takes part; another thread waits for a worker, unless
    /// [Parallel#withCaller] lets it take part too.
    /// @throws PieceException if a function threw an exception, with that as the cause
    /// @throws CancellationException if the scope was cancelled, with the reason as the cause, where that cannot be thrown
    ///     itself; or if the thread was interrupted, whose mark is set again
    /// @throws TaskKilledException if a piece was killed
    /// @throws RejectedExecutionException if the kernel has ended
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait: see [#start]
    public R run() {
        requireNoLoop();
        return run.get();
    }

    /// {@return a promise of the result, at the caller's home, which it keeps alive} Inside it the reason is what the
    /// function threw, with its index as a suppressed exception, a [TaskKilledException], or why the scope was
    /// cancelled. Cancelling the promise kills what runs.
    /// @throws RejectedExecutionException if the kernel has ended
    public Promise<R> start() {
        return start.get();
    }

    /// Computes in pieces.
    private record Spread<R extends @Nullable Object>(Parallel parallel, Body<R> body) {

        R run() {
            Kernel kernel = parallel.kernel();
            Home home = Home.current();
            if (kernel.workerIndex().isPresent()) {
                return compute(kernel, home);
            }
            return parallel.takesCaller()
                    ? computeDuring(kernel, home)
                    : await(kernel.submit(() -> compute(kernel, home)));
        }

        Promise<R> start() {
            Kernel kernel = parallel.kernel();
            Home home = Home.current();
            return kernel.submit(() -> {
                try {
                    return compute(kernel, home);
                } catch (PieceException failure) {
                    throw failure.original();
                }
            });
        }

        private R compute(Kernel kernel, Home home) {
            Root<R> root = new Root<>(body, home);
            kernel.spread(root);
            return root.result();
        }

        private R computeDuring(Kernel kernel, Home home) {
            Root<R> root = new Root<>(body, home);
            kernel.during(() -> kernel.spread(root));
            return root.result();
        }
    }

    static void requireNoLoop() {
        Home home = Home.current();
        if (home != Home.root() && home.isHere()) {
            throw new WrongThreadException("a loop must not wait, start() the work instead: " + home);
        }
    }

    static <R extends @Nullable Object> R await(Promise<R> promise) {
        try {
            return promise.await();
        } catch (InterruptedException e) {
            promise.cancel();
            Thread.currentThread().interrupt();
            throw cancelled("interrupted while waiting for a kernel", e);
        } catch (RejectedPromiseException rejected) {
            throw thrown(rejected.getCause());
        }
    }

    private static RuntimeException thrown(@Nullable Throwable reason) {
        return switch (reason) {
            case Error error -> throw error;
            case RuntimeException same -> same;
            case TimeoutException late -> cancelled("the computation was cancelled: " + late.getMessage(), late);
            case null, default -> new CompletionException(reason);
        };
    }

    static CancellationException cancelled(String message, @Nullable Throwable reason) {
        CancellationException exception = new CancellationException(message);
        exception.initCause(reason);
        return exception;
    }
}
