package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A few threads for calls that block, and a bounded queue in front of them.
///
/// ```java
/// Lane lane = Lane.start("reports", 2, 1_000);
/// Promise<Path> real = lane.submit(() -> path.toRealPath());
/// ```
///
/// What blocks in the operating system belongs here; what burns the processor belongs to a kernel. Each kind of work has
/// a lane of its own, so that a slow disk does not keep names from being looked up. The threads are daemons. They start
/// with the work and go ten seconds after the last of it.
///
/// **Threads.** Any thread may call anything; nothing blocks. Work of one lane runs on several threads at once, and begins
/// in the order it was submitted.
/// **Scope.** Work runs under the scope of whoever submitted it, without its home. A scope that is cancelled, and a promise
/// that is, drops what has not begun. What has begun runs to its end: a thread inside a file operation cannot be stopped
/// without harm to the file's other users.
/// **Failure.** What work throws rejects its promise, as it is.
public final class Lane implements AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final String name;
    private final int capacity;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger accepted = new AtomicInteger(); // waiting or running
    private final LongAdder done = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// What a lane has done and has still to do; each figure by itself is right, all together a moment apart.
    ///
    /// @param threads how many threads there are now
    /// @param busy how many of them work
    /// @param waiting how much work waits for one
    /// @param done how much work has run
    /// @param refused how much work found the queue full
    public record Counters(int threads, int busy, int waiting, long done, long refused) {}

    private Lane(String name, int threads, int capacity) {
        this.name = requireNonNull(name, "name");
        this.capacity = capacity;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), // bounded by `accepted`, but for the next steps of what was accepted
                Thread.ofPlatform().daemon().name("thrum-" + name + "-", 0).factory());
        this.threads.allowCoreThreadTimeOut(true);
    }

    /// {@return a lane; it needs no end, since its threads go by themselves}
    /// @param name names its threads, and is told when it is full
    /// @param threads the most work that runs at once, at least 1
    /// @param capacity how much more may wait, at least 1
    /// @throws IllegalArgumentException if one of the two is less than 1
    public static Lane start(String name, int threads, int capacity) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more: " + threads);
        }
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be 1 or more: " + capacity);
        }
        return new Lane(name, threads, capacity);
    }

    /// Runs work that blocks.
    /// @param <T> the type of the result
    /// @param work what to run; it may block
    /// @return the result, at the home of the caller, which is held until then. Rejected with a
    ///     [RejectedExecutionException] that says so if the lane is full or closed; with the reason of the cancellation if
    ///     the scope is cancelled before the work begins
    public <T extends @Nullable Object> Promise<T> submit(Callable<? extends T> work) {
        return submit(requireNonNull(work, "work"), result -> {}, () -> {});
    }

    /// Runs work that blocks.
    /// @param discard gets the result if the promise was cancelled meanwhile
    /// @param over runs exactly once, when the work has run or will never run
    <T extends @Nullable Object> Promise<T> submit(
            Callable<? extends T> work, Consumer<? super T> discard, Runnable over) {
        Resolver<T> resolver = Resolver.holding();
        var job = new Job<T>(work, discard, over, resolver);
        if (accepted.incrementAndGet() > room()) {
            job.refuse(full());
        } else {
            job.start();
        }
        return resolver.promise();
    }

    private int room() {
        return threads.getMaximumPoolSize() + capacity;
    }

    private RejectedExecutionException full() {
        refused.increment();
        return new RejectedExecutionException("lane '" + name + "' is full: " + counters());
    }

    /// {@return why nothing new can be begun by [#proceed] now; null if it can}
    @Nullable RejectedExecutionException refusal() {
        return accepted.get() >= room() ? full() : null;
    }

    /// Runs the next step of something that was accepted earlier, be the lane full or not.
    /// @param step must not throw
    /// @throws RejectedExecutionException if the lane is closed
    void proceed(Runnable step) {
        try {
            threads.execute(step);
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException("lane '" + name + "' is closed", e);
        }
    }

    /// {@return the name given to this lane}
    public String name() {
        return name;
    }

    /// {@return what it has done and has still to do}
    public Counters counters() {
        return new Counters(
                threads.getPoolSize(), threads.getActiveCount(), threads.getQueue().size(), done.sum(), refused.sum());
    }

    /// Ends this lane: it takes no more work, and its threads go when they have done what was accepted. Returns at once.
    @Override
    public void close() {
        threads.shutdown();
    }

    /// Work on its way through the lane.
    private final class Job<T extends @Nullable Object> implements Runnable {
        private final Callable<? extends T> work;
        private final Consumer<? super T> discard;
        private final Runnable over;
        private final Resolver<T> resolver;
        private final Scope scope = Scope.current().at(Home.root());
        private final AtomicBoolean taken = new AtomicBoolean(); // by the thread that runs it, or by who drops it
        private Registration cancellation = Registration.none(); // written before the job is queued

        Job(Callable<? extends T> work, Consumer<? super T> discard, Runnable over, Resolver<T> resolver) {
            this.work = work;
            this.discard = discard;
            this.over = over;
            this.resolver = resolver;
        }

        void start() {
            resolver.onCancel(reason -> drop());
            cancellation = scope.onCancel(reason -> {
                if (drop()) {
                    resolver.reject(reason);
                }
            });
            if (taken.get()) {
                cancellation.close();
                return;
            }
            try {
                proceed(this);
            } catch (RejectedExecutionException e) {
                if (taken.compareAndSet(false, true)) {
                    cancellation.close();
                    refuse(e);
                }
            }
        }

        void refuse(RejectedExecutionException reason) {
            finish();
            resolver.reject(reason);
        }

        private boolean drop() {
            if (!taken.compareAndSet(false, true)) {
                return false;
            }
            threads.remove(this);
            cancellation.close();
            finish();
            return true;
        }

        private void finish() {
            accepted.decrementAndGet();
            over.run();
        }

        @Override
        public void run() {
            if (taken.compareAndSet(false, true)) {
                cancellation.close();
                scope.run(this::work);
            }
        }

        private void work() {
            T result;
            try {
                result = work.call();
            } catch (Throwable problem) {
                done.increment();
                finish();
                resolver.reject(problem);
                return;
            }
            done.increment();
            finish();
            if (!resolver.resolve(result)) {
                discard.accept(result);
            }
        }
    }

    @Override
    public String toString() {
        return "lane '" + name + "'";
    }
}
