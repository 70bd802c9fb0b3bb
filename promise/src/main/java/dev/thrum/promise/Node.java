package dev.thrum.promise;


import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A promise as one node of a graph: its result, and the steps that wait for it.
abstract sealed class Node<T extends @Nullable Object> extends Slot implements Promise<T>, Runnable
        permits Operators {
    /*
     * A derived promise is its own callback: map() makes a Step that sits in the list of the node it waits for and is
     * the promise of the result. A settled node that has to go home is the Runnable that is posted. So a link costs one
     * object.
     *
     * A node passes through these states, all but the list being in the `result` of its `Slot`:
     *
     *   null                  pending
     *   CLAIMED               pending, but a follow() has taken the right to settle it (Source only)
     *   Link                  pending as long as the target is: it forwards to another node
     *   value, Outcome.NIL, Failure   settled; Outcome.NIL stands for null
     *
     * and, once settled, from "its steps wait" to FLUSHED, "they have run and later ones run at once".
     *
     * Two regimes, by home:
     *
     *   serial   A loop. Everything but `result` of a Source belongs to the loop's thread: lists are plain circular
     *            lists, derived nodes settle by a plain release store. Other threads post: to attach, to cancel, to
     *            flush. Only the settling of a Source is a compare-and-set, because resolve() answers at once.
     *   shared   The root home and executors. Any thread may attach, settle or cancel: the list is a stack pushed by
     *            compare-and-set and taken as a whole by whoever flushes; all settling is by compare-and-set. Cancelled
     *            steps are unlinked by whoever cancels: siblings are written by these cleaners alone, and a lost race
     *            between two merely leaves a settled step in the list, which is harmless.
     *
     * Callbacks never recurse: a thread that settles a node while it runs callbacks queues the node on its Trampoline.
     */

    Node(Home home, @Nullable Object result) {
        super(home, result);
    }

    /// {@return the scope under which a failure of this node is reported}
    abstract Scope scope();

    // ---- forwarding

    /*
     * A recursion `f(n) = step().then(x -> f(n - 1))` makes a chain of nodes that each wait for the next. Walking it
     * back would cost memory for every step ever taken. So a node that nobody but a follower waits for, and that is to
     * follow another one at the same home, drops out: its follower moves on to that, and the node itself forwards.
     *
     * Whoever wants such a node all the same, which is rare: at a loop it resumes, and waits in its own right again, as
     * if it had never forwarded. Elsewhere there is no going back. Who attaches is sent on to the target. Who cancels it
     * cancels what follows it, and so the target, as far as nobody else waits for that.
     *
     * Elsewhere a cancel may also come in between. The node has put its Link in the place of the follower, so it alone
     * has the follower. If then it finds itself cancelled, it puts the follower back and lets it hear of that. If it is
     * the follower that was cancelled, before or after it has moved, its node was told, or is told in the end.
     */

    /// Lets the one follower of this node wait for `next`, in the place of this node.
    /// @return false if this node is still needed
    final boolean dropOut(Node<?> next) {
        if (next.home != home || !next.isOpen()) {
            return false;
        }
        return isSerial() ? dropOutHere(next) : home == Home.root() && dropOutAnywhere(next);
    }

    private boolean dropOutHere(Node<?> next) {
        if (!home.isHere() || !next.hasNoSteps() || !(onlyStep() instanceof Follow follower)) {
            return false;
        }
        startOver();
        RESULT.setRelease(this, new Mark.Link(next, follower));
        next.attach(follower);
        return true;
    }

    private boolean dropOutAnywhere(Node<?> next) {
        Follow follower = onlyFollower();
        if (follower == null) {
            return false;
        }
        Mark.Link link = new Mark.Link(next, follower);
        if (!replace(follower, link)) {
            return false;
        }
        if (!take(link)) {
            replace(link, follower);
            Trampoline.ofThisThread().run(this);
            return false;
        }
        next.attach(follower);
        VarHandle.fullFence();
        if (!follower.isOpen() && follower.settled() instanceof Failure failure) {
            next.forgetHere(follower, Step.cancellation(failure.reason));
        }
        return true;
    }

    /// Cancels a node that forwards and cannot resume.
    private boolean cancelForwarding(Throwable reason) {
        if (!(RESULT.getAcquire(this) instanceof Mark.Link link)
                || settled() != null
                || !RESULT.compareAndSet(this, link, new Failure(reason))) {
            return false;
        }
        letGo(reason);
        link.follower.served.cancelHere(Step.cancellation(reason));
        return true;
    }

    private void resume() {
        if (!isSerial() || !(RESULT.getAcquire(this) instanceof Mark.Link link)) {
            return;
        }
        Object outcome = settled();
        if (outcome != null) {
            RESULT.setRelease(this, Outcome.handedOn(outcome));
            startFlushed();
            return;
        }
        Node<?> target = link.target;
        while (RESULT.getAcquire(target) instanceof Mark.Link further) {
            target = further.target;
        }
        RESULT.setRelease(this, this instanceof Source ? CLAIMED : null);
        if (link.follower.source == target) {
            target.unlinkSerial(link.follower);
            link.follower.source = this;
            append(link.follower);
        }
        waitFor(target);
    }

    /// Waits for `target`, to be settled as that is.
    abstract void waitFor(Node<?> target);

    /// {@return where this node was made, or null if nobody knows}
    abstract @Nullable String site();

    static Failure followsItself() {
        return new Failure(new IllegalStateException("a promise cannot follow itself"));
    }

    // ---- settling

    /// Settles this node on a thread that may not be its home's.
    final void settleFromAnywhere(Object outcome) {
        if (home.isHere()) {
            settleHere(outcome);
        } else if (!home.post(() -> settleHere(outcome)) && take(outcome)) {
            Unseen.homeHasEnded(this);
        }
    }

    private void settleHere(Object outcome) {
        if (take(outcome)) {
            whenTaken();
            Trampoline.ofThisThread().run(this);
        }
    }

    /// Settles this node at home, from among those that are due there.
    /// @return this node, whose steps are due now, if it was still open
    final @Nullable Node<?> settleInTurn(Object outcome) {
        if (!take(outcome)) {
            return null;
        }
        whenTaken();
        return this;
    }

    /// Runs the steps of this settled node at home: now, if this is it.
    final void comeHome() {
        if (home.isHere()) {
            Trampoline.ofThisThread().run(this);
        } else if (!home.post(this)) {
            Unseen.homeHasEnded(this);
        }
    }

    /// Called once, by the thread that settled this node.
    void whenTaken() {}

    /// Posted home because it is settled, or because it was attached to a settled node.
    @Override
    public final void run() {
        Trampoline.ofThisThread().run(this);
    }

    /// What the trampoline does with this node: runs the steps that wait for it.
    /// @return what is due next, unless the trampoline knows of others
    @Nullable Node<?> proceed(Trampoline trampoline) {
        return flush(trampoline);
    }

    final @Nullable Node<?> flush(Trampoline trampoline) {
        Object outcome = RESULT.getAcquire(this);
        if (outcome == null || outcome instanceof Mark || isFlushed()) {
            return null;
        }
        Step<?, ?> waiting = isSerial() ? takeSerial() : takeShared();
        Node<?> next = null;
        if (waiting == null) {
            Unseen.watch(this, outcome);
        } else {
            next = isSerial() ? fireSerial(waiting, outcome, trampoline) : fireShared(waiting, outcome, trampoline);
        }
        whenFlushed();
        return next;
    }

    /// Called at home when the steps have run. Must not throw.
    void whenFlushed() {}

    // ---- attaching

    final <S extends Step<?, ?>> S attach(S step) {
        if (Trace.ON) {
            var _ = Unseen.site(step.subject()); // which remembers it
        }
        step.source = this;
        if (!isSerial()) {
            attachShared(step);
        } else if (home.isHere()) {
            attachHere(step);
        } else if (!home.post(() -> arrive(step))) {
            step.drop();
        }
        return step;
    }

    private void attachHere(Step<?, ?> step) {
        resume();
        if (isFlushed()) {
            noteHandled();
            Trampoline.ofThisThread().run(step);
        } else {
            append(step);
        }
    }

    /// A step comes from another thread. If it was cancelled on its way, this node did not know it yet.
    private void arrive(Step<?, ?> step) {
        resume();
        if (step.isOpen()) {
            attachHere(step);
        } else if (hasNoSteps()) {
            cancelHere(new CancellationException("nobody waits for it any longer"));
        }
    }

    private void attachShared(Step<?, ?> step) {
        Mark mark = push(step);
        while (mark instanceof Mark.Link link) {
            step.source = link.target;
            mark = link.target.push(step);
        }
        if (mark == null) {
            return;
        }
        noteHandled();
        if (home.isHere()) {
            Trampoline.ofThisThread().run(step);
        } else if (!home.post(step)) {
            step.drop();
        }
    }

    // ---- cancelling

    @Override
    public final boolean cancel() {
        return cancel(new CancellationException("the promise was cancelled"));
    }

    final boolean cancel(Throwable reason) {
        if (settled() != null) {
            return false;
        }
        if (!isSerial() || home.isHere()) {
            return cancelHere(reason);
        }
        return home.post(() -> cancelHere(reason));
    }

    /// Cancels this node, at home, and what it alone waited for; without recursion, since chains are long.
    final boolean cancelHere(Throwable reason) {
        resume();
        if (!takeCancelled(reason)) {
            return cancelForwarding(reason);
        }
        CancellationException passedOn = Step.cancellation(reason);
        Deque<Node<?>> cancelled = new ArrayDeque<>();
        cancelled.push(this);
        Node<?> above = letGo(reason);
        while (above != null && above.takeCancelled(passedOn)) {
            cancelled.push(above);
            above = above.letGo(passedOn);
        }
        cancelled.forEach(Node::comeHome); // the work has been told by now; clean-ups run from the inside out
        return true;
    }

    private boolean takeCancelled(Throwable reason) {
        if (!take(new Failure(reason))) {
            return false;
        }
        whenTaken();
        return true;
    }

    /// Tells what this cancelled node waited for that it waits no longer.
    /// @return what is to be cancelled too, here
    abstract @Nullable Node<?> letGo(Throwable reason);

    final boolean isElsewhere() {
        return isSerial() && !home.isHere();
    }

    /// Forgets a step that was cancelled.
    /// @return this node if nobody else waits for it; at another home that shows later
    final @Nullable Node<?> forget(Step<?, ?> step, Throwable reason) {
        if (!isElsewhere()) {
            return settled() == null && (isSerial() ? unlinkSerial(step) : unlinkShared()) ? this : null;
        }
        if (!home.post(() -> forgetHere(step, reason))) {
            Home.root().report(new RejectedExecutionException("could not cancel, its home has ended", reason), scope());
        }
        return null;
    }

    private void forgetHere(Step<?, ?> step, Throwable reason) {
        if (forget(step, reason) != null) {
            cancelHere(reason);
        }
    }

    /// Forgets a step whose thread was interrupted, and goes on all the same.
    final void withdraw(Step<?, ?> step) {
        if (!isSerial()) {
            step.take(Outcome.NIL);
            Node<?> waitedFor = step.source;
            (waitedFor == null ? this : waitedFor).unlinkShared();
        } else if (!home.post(() -> unlinkSerial(step))) {
            step.take(Outcome.NIL); // the home has ended, and the list with it
        }
    }

    // ---- what nobody handles

    final void noteHandled() {
        if (settled() instanceof Failure failure) {
            failure.handled = true;
        }
    }

    // ---- the public face

    @Override
    public final State<T> state() {
        Object seen = settled();
        return seen == null ? new Pending<>() : Outcome.state(seen);
    }

    @Override
    public final T await() throws InterruptedException {
        if (isLoopOfThisThread(home) || isLoopOfThisThread(Home.current())) {
            throw new WrongThreadException(
                    "await() would block a loop: " + Thread.currentThread().getName() + "; attach a callback instead");
        }
        Object outcome = settled();
        if (outcome == null) {
            Trampoline.ofThisThread().help();
            outcome = settled();
        }
        if (outcome == null) {
            outcome = new Await<>(this).outcome();
        } else {
            noteHandled();
        }
        if (outcome instanceof Failure failure) {
            throw new RejectedPromiseException(failure.reason);
        }
        return Outcome.value(outcome);
    }

    private static boolean isLoopOfThisThread(Home home) {
        return isSerial(home) && home.isHere();
    }
}
