package dev.thrum.system;

import dev.thrum.loop.EventLoop;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// What is to be closed when a loop ends: an exit callback of the loop cannot be taken back, so there is one for all of it.
///
/// Any thread.
final class Ends {
    private static final Map<EventLoop, Ends> ALL = Collections.synchronizedMap(new WeakHashMap<>());

    private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean armed = new AtomicBoolean();

    /// Runs `action` when `home` ends, if that is a loop; now if it has ended.
    /// @param action an object of its own, which can be told from all others
    /// @return forgets it
    static Registration on(Home home, Runnable action) {
        if (!(home instanceof EventLoop loop)) {
            return Registration.none();
        }
        Ends ends = ALL.computeIfAbsent(loop, some -> new Ends());
        ends.actions.add(action);
        if (ends.armed.compareAndSet(false, true)) {
            Scope.root().run(() -> ends.arm(loop)); // or the loop would keep the scope of the first one
        }
        return () -> ends.actions.remove(action);
    }

    private void arm(EventLoop loop) {
        if (loop.isHere()) {
            loop.onExit(this::run);
        } else if (!loop.post(() -> loop.onExit(this::run))) {
            run();
        }
    }

    private void run() {
        actions.forEach(Runnable::run);
        actions.clear();
    }
}
