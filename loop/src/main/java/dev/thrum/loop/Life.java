package dev.thrum.loop;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Trace;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What other threads have to say about how long a loop lives: the holds, the wish to end it, the wait for its end.
///
/// **Threads.** Any thread.
final class Life {
    private final Inbox inbox;
    private final AtomicInteger holds = new AtomicInteger();
    private final Set<Hold> traced = ConcurrentHashMap.newKeySet(); // while tracing
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean exiting; // once true, true for good

    Life(Inbox inbox) {
        this.inbox = inbox;
    }

    /// One who keeps the loop alive.
    @SuppressWarnings("serial") // nobody serializes a hold
    private final class Hold extends AtomicBoolean implements Registration {
        final String site = Trace.ON ? Trace.site(this) : "";

        /// The last to let go wakes the loop, so that it can end.
        @Override
        public void close() {
            if (compareAndSet(false, true)) {
                if (Trace.ON) {
                    traced.remove(this);
                }
                if (holds.decrementAndGet() == 0) {
                    inbox.ring();
                }
            }
        }
    }

    Registration hold() {
        var hold = new Hold();
        if (Trace.ON) {
            traced.add(hold);
        }
        holds.incrementAndGet();
        return hold;
    }

    boolean isHeld() {
        return holds.get() > 0;
    }

    /// {@return the holds: where they were made, or how many there are}
    Collection<String> describeHolds() {
        int count = holds.get();
        if (Trace.ON) {
            return traced.stream().map(hold -> "hold made at " + hold.site).toList();
        }
        return count == 0 ? List.of() : List.of(count == 1 ? "a hold" : count + " holds");
    }

    void exit() {
        exiting = true;
        inbox.ring();
    }

    boolean isExiting() {
        return exiting;
    }

    CountDownLatch ended() {
        return ended;
    }
}
