package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What all handles of a loop share: whose they are, under which scope their callbacks run, whether they count.
///
/// Everything here belongs to the loop's thread, but for [#scopeEnded].
abstract sealed class LoopHandle implements Handle permits LoopTimer, LoopNotifier, LoopMailbox, LoopIdler, ChannelPoll {
    final SelectorLoop loop;
    private final Scope scope;
    private @Nullable Consumer<? super Throwable> errorHandler;
    private @Nullable LoopHandle previous; // in the one ring that this is in: of a wheel's slot, or of a loop's handles
    private @Nullable LoopHandle next;
    private boolean referenced = true;
    private boolean counted; // open

    LoopHandle(SelectorLoop loop, Scope scope) {
        this.loop = loop;
        this.scope = scope;
    }

    /// The loop ends while this is open.
    abstract void end();

    @Override
    public final EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        loop.check();
        return counted;
    }

    @Override
    public final void ref() {
        loop.check();
        setReferenced(true);
    }

    @Override
    public final void unref() {
        loop.check();
        setReferenced(false);
    }

    @Override
    public final boolean isReferenced() {
        loop.check();
        return referenced;
    }

    final void handleErrors(Consumer<? super Throwable> handler) {
        loop.check();
        errorHandler = requireNonNull(handler, "handler");
    }

    /// Runs a callback of this handle, whatever it throws.
    final void call(Runnable callback) {
        try {
            if (scope == loop.scope()) {
                callback.run();
            } else {
                scope.run(callback);
            }
        } catch (Throwable problem) {
            fail(problem);
        }
    }

    final void fail(Throwable problem) {
        fail(problem, scope);
    }

    final void fail(Throwable problem, Scope where) {
        loop.errors().deliver(problem, where, errorHandler);
    }

    /// This is closed, on the loop's thread. From any thread.
    final void scopeEnded() {
        if (loop.isHere()) {
            close();
        } else {
            loop.post(this::close); // false: the loop has ended, and closed it
        }
    }

    final Scope scope() {
        return scope;
    }

    final boolean isCounted() {
        return counted;
    }

    final boolean countsForLife() {
        return referenced;
    }

    /// Begins or ends the life of this handle.
    final void setCounted(boolean open) {
        if (counted != open) {
            counted = open;
            loop.handles().count(this, open);
        }
    }

    private void setReferenced(boolean wanted) {
        if (referenced != wanted) {
            if (counted) {
                loop.handles().refer(wanted);
            }
            referenced = wanted;
        }
    }

    // ---- a ring is named by its first member, or null

    /// {@return the ring of `first` with this at its end}
    final LoopHandle appendTo(@Nullable LoopHandle first) {
        if (first == null) {
            previous = this;
            next = this;
            return this;
        }
        LoopHandle last = requireNonNull(first.previous);
        previous = last;
        next = first;
        last.next = this;
        first.previous = this;
        return first;
    }

    /// {@return the ring of `first` without this}
    final @Nullable LoopHandle removeFrom(LoopHandle first) {
        LoopHandle before = requireNonNull(previous);
        LoopHandle after = requireNonNull(next);
        before.next = after;
        after.previous = before;
        previous = null;
        next = null;
        if (first != this) {
            return first;
        }
        return after == this ? null : after;
    }

    /// {@return the member behind this one, or null at the end of the ring of `first`}
    final @Nullable LoopHandle following(LoopHandle first) {
        return next == first ? null : next;
    }
}
