package dev.thrum.promise;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps that wait for a node, in the order they were attached; or the mark that they have run.
///
/// A node uses either the serial or the shared half of this, by its home; [Node] says why.
abstract sealed class StepList permits Slot {
    private static final VarHandle STEPS;

    static {
        try {
            STEPS = MethodHandles.lookup().findVarHandle(StepList.class, "steps", Step.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // serial: the last of a circular list, which is no circle while it is alone; shared: the top of a stack
    private @Nullable Step<?, ?> steps;

    final void startFlushed() {
        steps = Mark.FLUSHED;
    }

    final void startOver() {
        steps = null;
    }

    final boolean isFlushed() {
        return steps == Mark.FLUSHED;
    }

    final boolean hasNoSteps() {
        return steps == null;
    }

    // ---- serial: on the home's thread

    final void append(Step<?, ?> step) {
        Step<?, ?> last = steps;
        if (last != null) {
            step.sibling = firstOf(last);
            last.sibling = step;
        }
        steps = step;
    }

    private static Step<?, ?> firstOf(Step<?, ?> last) {
        Step<?, ?> first = last.sibling;
        return first == null ? last : first;
    }

    /// {@return the last of all steps, which are flushed now; or null}
    final @Nullable Step<?, ?> takeSerial() {
        Step<?, ?> last = steps;
        steps = Mark.FLUSHED;
        return last;
    }

    /// Fires all steps.
    /// @param last what was taken
    /// @return what is due next, unless the trampoline knows of others
    static @Nullable Node<?> fireSerial(Step<?, ?> last, Object outcome, Trampoline trampoline) {
        Step<?, ?> step = firstOf(last);
        while (step != last) {
            Step<?, ?> next = requireNonNull(step.sibling);
            step.sibling = null;
            trampoline.addAnswered(step.fire(outcome, trampoline));
            step = next;
        }
        last.sibling = null;
        return last.fire(outcome, trampoline);
    }

    /// {@return the one step that waits; null for none or several}
    final @Nullable Step<?, ?> onlyStep() {
        Step<?, ?> last = steps;
        return last != null && last.sibling == null ? last : null;
    }

    /// {@return whether that was the last one}
    final boolean unlinkSerial(Step<?, ?> step) {
        Step<?, ?> last = steps;
        if (last == null || last == Mark.FLUSHED) {
            return false;
        }
        Step<?, ?> before = last;
        do {
            Step<?, ?> each = firstOf(before);
            if (each == step) {
                unlink(each, before, last);
                return steps == null;
            }
            before = each;
        } while (before != last);
        return false;
    }

    private void unlink(Step<?, ?> step, Step<?, ?> before, Step<?, ?> last) {
        steps = step == before ? null : step == last ? before : last;
        before.sibling = step.sibling == before ? null : step.sibling; // null: it is alone now
        step.sibling = null;
    }

    // ---- shared: on any thread

    /// Adds a step.
    /// @return null if it waits now; else the mark that it found: the others have run already, or waiting is elsewhere
    final @Nullable Mark push(Step<?, ?> step) {
        for (; ; ) {
            Step<?, ?> top = (Step<?, ?>) STEPS.getAcquire(this);
            if (top instanceof Mark mark) {
                return mark;
            }
            step.sibling = top;
            if (STEPS.compareAndSet(this, top, step)) {
                return null;
            }
        }
    }

    /// {@return the follower that alone waits here, if that is so}
    final @Nullable Follow onlyFollower() {
        return STEPS.getAcquire(this) instanceof Follow follower && follower.sibling == null ? follower : null;
    }

    /// Puts `other` in the place of `only`, the one step that waits.
    /// @return false if that changed meanwhile
    final boolean replace(Step<?, ?> only, Step<?, ?> other) {
        return STEPS.compareAndSet(this, only, other);
    }

    /// Fires all steps, unless another thread does.
    /// @param top what was taken
    /// @return what is due next, unless the trampoline knows of others
    static @Nullable Node<?> fireShared(Step<?, ?> top, Object outcome, Trampoline trampoline) {
        if (top instanceof Mark) {
            return null;
        }
        if (top.sibling == null) {
            return top.fire(outcome, trampoline);
        }
        oldestFirst(top).forEach(step -> trampoline.addAnswered(step.fire(outcome, trampoline)));
        return null;
    }

    /// {@return all steps, which are flushed now without having been fired}
    final List<Step<?, ?>> takeAllShared() {
        Step<?, ?> top = takeShared();
        return top == null || top instanceof Mark ? List.of() : oldestFirst(top);
    }

    /// {@return what was here, which is flushed now, unless it was a mark}
    final @Nullable Step<?, ?> takeShared() {
        for (; ; ) {
            Step<?, ?> top = (Step<?, ?>) STEPS.getAcquire(this);
            if (top instanceof Mark || STEPS.compareAndSet(this, top, Mark.FLUSHED)) {
                return top;
            }
        }
    }

    private static List<Step<?, ?>> oldestFirst(Step<?, ?> top) {
        List<Step<?, ?>> newestFirst = new ArrayList<>();
        for (Step<?, ?> step = top; step != null; step = step.sibling) {
            newestFirst.add(step);
        }
        return newestFirst.reversed();
    }

    /// {@return whether no open step is left}
    final boolean unlinkShared() {
        Step<?, ?> top = (Step<?, ?>) STEPS.getAcquire(this);
        while (top != null && !(top instanceof Mark) && !top.isOpen()) {
            STEPS.compareAndSet(this, top, top.sibling);
            top = (Step<?, ?>) STEPS.getAcquire(this);
        }
        if (top == null || top instanceof Mark) {
            return top == null;
        }
        for (Step<?, ?> open = top; open != null; open = open.sibling) {
            Step<?, ?> next = open.sibling;
            while (next != null && !next.isOpen()) {
                next = next.sibling;
            }
            open.sibling = next;
        }
        return false;
    }
}
