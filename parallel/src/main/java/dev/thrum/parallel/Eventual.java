package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Priority;
import dev.thrum.kernel.Submitter;
import dev.thrum.kernel.Task;
import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value that somebody computes: a worker that has time, or whoever needs it first. Lisp's futures, speculations, delays
/// and promises.
///
/// ```java
/// Eventual<Index> index = parallel.future(() -> Index.of(files));
/// Eventual<Long> checksum = parallel.speculate(() -> checksum(files));     // if there is nothing better to do
/// ...
/// search(index.force(), words);                                            // computed here, if nobody has begun
/// ```
///
/// **Threads.** Any thread. [#force] blocks while another thread computes; in a worker it meanwhile does what its own
/// task has handed out, and nothing else. Nothing else blocks, but [#fulfill] as long as its body takes.
/// **Ordering.** What happened before it was made *happens-before* its body, and that *happens-before* what [#force]
/// returns.
/// **Failure.** What the body throws is kept and told at each [#force]; [#repair] puts a value in its place, once.
///
/// @param <T> the type of the value
public final class Eventual<T extends @Nullable Object> {
    /*
     * `owner` goes from null to whoever computes or fulfils, by compare-and-set: a thread, the task of the kernel, or an
     * attempt to fulfil. Nobody else settles `outcome`, but a cancellation or a kill, for which the promise decides who was
     * first. An attempt that failed gives it back: who wanted to force it meanwhile then computes it, and a task that came
     * by meanwhile is handed to the kernel once more.
     *
     * The task of a future finds it owned if somebody forced it before, and does nothing. What a task comes to reaches
     * `outcome` by the task's promise, and so after its handlers, and at once when it is killed. A speculation's task
     * knows it weakly: when nobody else refers to it, nobody wants it.
     */
    private static final VarHandle OWNER;
    private static final VarHandle REPAIRED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(Eventual.class, "owner", Object.class);
            REPAIRED = lookup.findVarHandle(Eventual.class, "repaired", Promise.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Callable<? extends T> body;
    private final Scope scope = Scope.current().at(Home.root());
    private final Resolver<T> outcome = scope.call(Resolver::create);
    private volatile @Nullable Object owner; // compare-and-set from null
    private volatile @Nullable Promise<T> repaired; // compare-and-set from null
    private volatile @Nullable Promise<T> task; // written before anybody else knows this, and by an attempt that failed
    private Runnable again = () -> {}; // hands it to its kernel; written before anybody else knows this

    private Eventual(@Nullable Callable<? extends T> body) {
        this.body = body;
    }

    // ---- making

    /// {@return one that nobody computes: [#fulfill] gives it its value} Lisp's `promise`.
    /// @param <T> the type of the value
    public static <T extends @Nullable Object> Eventual<T> open() {
        return new Eventual<>(null);
    }

    /// {@return one that has its value} What Lisp's `force` makes of an object that is no promise.
    /// @param <T> the type of the value
    /// @param value the value
    public static <T extends @Nullable Object> Eventual<T> of(T value) {
        Eventual<T> eventual = open();
        eventual.outcome.resolve(value);
        return eventual;
    }

    /// {@return one that is computed by whoever forces it first, in that thread, and never by a kernel} Lisp's `delay`.
    /// @param <T> the type of the value
    /// @param body computes the value
    public static <T extends @Nullable Object> Eventual<T> delay(Callable<? extends T> body) {
        return new Eventual<>(requireNonNull(body, "body"));
    }

    /// {@return one whose value is that of the one which `outer` yields} It is computed by whoever forces it. Lisp's `chain`.
    /// @param <T> the type of the value
    /// @param outer yields another one
    public static <T extends @Nullable Object> Eventual<T> chain(Eventual<? extends Eventual<? extends T>> outer) {
        requireNonNull(outer, "outer");
        return delay(() -> outer.force().force());
    }

    /// {@return one that a worker computes, unless somebody forces it before}
    static <T extends @Nullable Object> Eventual<T> future(Kernel kernel, Callable<? extends T> body) {
        Eventual<T> future = delay(body);
        future.again = () -> future.hand(kernel, () -> future);
        future.again.run();
        return future;
    }

    /// {@return one that a worker computes that has nothing else to do, as long as somebody refers to it}
    static <T extends @Nullable Object> Eventual<T> speculation(Kernel kernel, Callable<? extends T> body) {
        Eventual<T> speculation = delay(body);
        Supplier<@Nullable Eventual<T>> reach = new WeakReference<>(speculation)::get;
        speculation.again = () -> speculation.hand(kernel.at(Priority.LOW), reach);
        speculation.again.run();
        return speculation;
    }

    /// Lets a worker compute it, which gets at it by `reach` only.
    private void hand(Submitter kernel, Supplier<@Nullable Eventual<T>> reach) {
        scope.run(() -> {
            Handed<T> handed = new Handed<>(reach);
            Promise<T> promise = kernel.submit(handed);
            task = promise;
            promise.map(handed::came).recover(Throwable.class, handed::lost);
        });
    }

    /// The task that computes it, unless somebody else has begun.
    private record Handed<T extends @Nullable Object>(Supplier<@Nullable Eventual<T>> reach) implements Callable<T> {
        @Override
        @SuppressWarnings("NullAway") // nobody looks at the null
        public T call() throws Exception {
            Eventual<T> wanted = reach.get();
            return wanted == null || !wanted.isFor(this) ? null : requireNonNull(wanted.body).call();
        }

        boolean came(T value) {
            Eventual<T> wanted = reach.get();
            return wanted != null && wanted.owner == this && wanted.outcome.resolve(value);
        }

        /// It failed, was killed, or was dropped before it began.
        boolean lost(Throwable reason) {
            Eventual<T> wanted = reach.get();
            return wanted != null && (wanted.owner == this || wanted.isFor(this)) && wanted.outcome.reject(reason);
        }
    }

    /// {@return whether the task owns it from here} Else whoever owns it sees to it, also an attempt that fails.
    private boolean isFor(Handed<T> handed) {
        while (!claim(handed)) {
            if (isDone() || isOwnedForGood() || (owner instanceof Attempt attempt && attempt.passed())) {
                return false;
            }
        }
        return true;
    }

    private boolean claim(Object claimant) {
        return OWNER.compareAndSet(this, null, claimant);
    }

    /// {@return whether somebody owns it who does not give it back}
    private boolean isOwnedForGood() {
        Object now = owner;
        return now != null && !(now instanceof Attempt);
    }

    // ---- using

    /// {@return the value: computed in this thread, if nobody has begun, else waiting for whoever computes it}
    /// @throws RejectedPromiseException if it failed, with what its body threw as the cause; the same at each call
    /// @throws IllegalStateException if its own body, in this thread, forces it
    /// @throws CancellationException if the thread is interrupted while it waits; its mark is set again
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait: see [#promise]
    public T force() {
        Work.requireNoLoop();
        if (isOwnedHere() && !isDone()) {
            throw new IllegalStateException("a value is forced by its own body");
        }
        try {
            Callable<? extends T> mine = body;
            while (mine != null && !isDone()) {
                if (claim(Thread.currentThread())) {
                    compute(mine);
                } else if (owner instanceof Attempt attempt) {
                    attempt.await(outcome.promise());
                } else if (isOwnedForGood()) {
                    break;
                }
            }
            return current().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Work.cancelled("interrupted while forcing a value", e);
        }
    }

    private boolean isOwnedHere() {
        Object now = owner;
        return (now instanceof Attempt attempt ? attempt.thread : now) == Thread.currentThread();
    }

    private void compute(Callable<? extends T> mine) {
        if (isDone()) {
            return;
        }
        try (Registration _ = Task.onKill(outcome::reject)) {
            outcome.resolve(scope.call(mine::call));
        } catch (Throwable problem) {
            outcome.reject(problem);
        }
    }

    /// {@return whether it has its value, or has failed} Lisp's `fulfilledp`.
    public boolean isDone() {
        return !(current().state() instanceof Promise.Pending);
    }

    /// Gives it the value of `value`, which is computed only if nobody computes it yet. A body that has not begun never
    /// does. What `value` throws leaves it as it was.
    /// @param value computes the value, in this thread
    /// @return whether it has its value from here; false, and at once, if somebody was first
    /// @throws Exception what `value` throws
    public boolean fulfill(Callable<? extends T> value) throws Exception {
        Attempt attempt = new Attempt();
        if (isDone() || !claim(attempt)) {
            return false;
        }
        boolean fulfilled = false;
        try {
            fulfilled = outcome.resolve(value.call());
        } finally {
            giveBack(attempt);
        }
        dropTask();
        return fulfilled;
    }

    private void giveBack(Attempt attempt) {
        if (!isDone()) {
            owner = null;
        }
        if (attempt.end() && !isDone()) {
            try {
                again.run();
            } catch (RejectedExecutionException ended) {
                outcome.reject(ended);
            }
        }
    }

    /// Somebody fulfils it, or fails to.
    private static final class Attempt {
        private final Thread thread = Thread.currentThread();
        private final Resolver<Boolean> over = Resolver.create();
        private boolean ended; // guarded by this
        private boolean passed; // guarded by this

        /// {@return true, if it has not ended: its end will see to the task that came by}
        synchronized boolean passed() {
            passed |= !ended;
            return !ended;
        }

        /// {@return whether a task came by}
        boolean end() {
            synchronized (this) {
                if (ended) {
                    return passed;
                }
                ended = true;
            }
            over.resolve(true);
            return passed;
        }

        /// Waits for its end, or for `outcome`.
        void await(Promise<?> outcome) throws InterruptedException {
            outcome.map(_ -> end()).recover(Throwable.class, _ -> end());
            over.promise().await();
        }
    }

    /// Puts `value` in the place of its failure, for everybody from now on. Lisp's restart `store-value`.
    /// @param value the value
    /// @return whether it did; false if it has not failed, or was repaired before
    public boolean repair(T value) {
        return outcome.promise().state() instanceof Promise.Rejected
                && REPAIRED.compareAndSet(this, null, Promise.of(value));
    }

    /// {@return a promise of the value, at the caller's home, which it keeps alive until then} It does not begin what only
    /// [#force] begins: a delay.
    public Promise<T> promise() {
        Resolver<T> resolver = Resolver.holding();
        resolver.follow(current());
        return resolver.promise();
    }

    /// Lets it fail with a [CancellationException], if it is not done: nobody wants it. A task that has not begun is dropped,
    /// one that runs is killed.
    /// @return whether it was not done
    public boolean cancel() {
        boolean cancelled = outcome.reject(new CancellationException("the value was cancelled"));
        dropTask();
        return cancelled;
    }

    private void dropTask() {
        Promise<T> mine = task;
        if (mine != null) {
            mine.cancel();
        }
    }

    private Promise<T> current() {
        Promise<T> instead = repaired;
        return instead == null ? outcome.promise() : instead;
    }
}
