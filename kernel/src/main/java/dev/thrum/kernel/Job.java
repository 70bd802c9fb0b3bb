package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A task on its way through the kernel.
abstract class Job {
    /*
     *   QUEUED --claim--> RUNNING --finish--> DONE
     *      |                 |
     *      +---- drop        +---- kill ----> KILLED
     *
     * Every arrow is a compare-and-set, and whoever gets a job into DONE or KILLED settles it: nobody else ever calls
     * `settle`, so its result is delivered once, as one thing or the other.
     *
     * A kill must not hit the task that comes next on the same thread. So nothing is ever done to a thread on the
     * ground of having seen it run something: the killer first wins RUNNING -> KILLED. The thread cannot leave that job
     * any more without noticing, because its own `finish` fails, and then it never takes another one. Only after this is
     * the thread interrupted, and a new one put in its place; whenever the interrupt arrives, there is no successor.
     * `DONE` and `KILLED` are final.
     *
     * The body is read before the claim. A claim that succeeds proves that nobody had replaced the body by an outcome
     * before it was read.
     */

    static final int QUEUED = 0;
    static final int RUNNING = 1;
    static final int DONE = 2;
    static final int KILLED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Job.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;
    final Terms terms;

    Job(Terms terms) {
        this.terms = terms;
    }

    /// A failed outcome; every other object is a value.
    record Failure(Throwable reason) {}

    /// {@return what to run; something else once the job is settled}
    abstract @Nullable Object body();

    /// Hands the outcome over. Called once, by whoever ended the job.
    /// @param outcome a value, or a [Failure]
    abstract void settle(@Nullable Object outcome);

    /// Reports a failure that has no receiver at the sender's home, unless somebody wanted it.
    final void report(@Nullable Object outcome) {
        if (outcome instanceof Failure(Throwable reason)
                && !(reason instanceof TaskKilledException)
                && !terms.sender.cancelled()) {
            terms.sender.home().report(reason, terms.sender);
        }
    }

    boolean isQueued() {
        return state == QUEUED;
    }

    boolean isRunning() {
        return state == RUNNING;
    }

    boolean isKilled() {
        return state == KILLED;
    }

    boolean claim() {
        return STATE.compareAndSet(this, QUEUED, RUNNING);
    }

    /// Runs the body of a claimed job and settles it.
    /// @return false if it was killed meanwhile
    boolean run(@Nullable Object body, Team team) {
        Throwable cancelled = cancellation();
        return complete(
                cancelled != null ? new Failure(cancelled) : outcome((Callable<?>) requireNonNull(body), team));
    }

    /// {@return why it does not begin any more, or null} A scope that is cancelled tells its tasks one by one, and a worker
    /// that the first of them leaves may come to another that has not heard of it yet.
    @Nullable Throwable cancellation() {
        return terms.sender == Scope.root() ? null : terms.sender.reason().orElse(null);
    }

    /// Settles a job that was left running by an error of the machine, such as a lack of memory.
    void abandon(Throwable problem) {
        complete(new Failure(problem));
    }

    /// Ends a running job.
    /// @return false if it was killed before
    final boolean complete(@Nullable Object outcome) {
        if (STATE.compareAndSet(this, RUNNING, DONE)) {
            settle(outcome);
            return true;
        }
        return false;
    }

    /// Ends a job that no worker has claimed.
    boolean drop(Throwable reason) {
        if (STATE.compareAndSet(this, QUEUED, KILLED)) {
            settle(new Failure(reason));
            return true;
        }
        return false;
    }

    /// Claims a running job for its killer, who must retire its worker and then settle it.
    boolean condemn() {
        return STATE.compareAndSet(this, RUNNING, KILLED);
    }

    /// Ends a job that waits for no worker, as a timeout does.
    boolean finish(@Nullable Object outcome) {
        if (STATE.compareAndSet(this, QUEUED, DONE)) {
            settle(outcome);
            return true;
        }
        return false;
    }

    private @Nullable Object outcome(Callable<?> body, Team team) {
        for (; ; ) {
            try {
                Scope scope = terms.scope;
                return scope == Scope.root() ? body.call() : scope.call(body::call);
            } catch (Throwable problem) {
                TaskHandler.Verdict verdict = Handlers.judge(problem, terms, team);
                if (verdict instanceof TaskHandler.Use(Object value)) {
                    return value;
                }
                if (!(verdict instanceof TaskHandler.Retry) || isKilled()) {
                    return new Failure(verdict instanceof TaskHandler.Transfer(Throwable reason) && reason != null
                            ? reason
                            : problem);
                }
            }
        }
    }
}
