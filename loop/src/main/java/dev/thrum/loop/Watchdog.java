package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reports turns that take longer than their loop's [LoopConfig#patience], while they run: the law's guardian.
///
/// ```text
/// loop 'main' is blocked for 740 ms, 92 % in Foo.bar:42, by timer of App, request GET /x
/// ```
///
/// Each report is a line in the log, one more in [EventLoop#blockedTurns], and a call of every listener. The first comes when
/// the patience is at its end, others when the time has doubled, and a last one when the turn is over. Stacks are taken only
/// of a turn that has lasted for a quarter of the patience already. A pause of the whole JVM is not blamed on a loop.
///
/// **Threads.** Any thread. One daemon thread looks after all loops of the JVM, four times while a patience lasts.
/// **Failure.** What a listener throws is reported to the root home; the others still run.
public final class Watchdog {
    private static final int FRAMES = 30;
    private static final Watchdog THE_ONE = new Watchdog();

    private record Listener(Consumer<? super BlockedTurn> action, Scope scope) {}

    private final List<WeakReference<Pulse>> pulses = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread; // guarded by this

    private Watchdog() {}

    /// Lets `listener` hear of every turn of any loop that takes too long.
    /// @param listener runs on the watchdog's thread, under the scope of the caller; must not block
    /// @return forgets the listener
    public static Registration listen(Consumer<? super BlockedTurn> listener) {
        var added = new Listener(requireNonNull(listener, "listener"), Scope.current().at(Home.root()));
        THE_ONE.listeners.add(added);
        return () -> THE_ONE.listeners.removeIf(each -> each == added);
    }

    /// Looks after a loop from now on.
    static void watch(Pulse pulse) {
        if (!pulse.isWatched()) {
            return;
        }
        THE_ONE.pulses.add(new WeakReference<>(pulse));
        LockSupport.unpark(THE_ONE.started());
    }

    static void unwatch(Pulse pulse) {
        THE_ONE.pulses.removeIf(each -> each.get() == null || each.get() == pulse);
    }

    private synchronized Thread started() {
        if (thread == null) {
            thread = Thread.ofPlatform().name("thrum-watchdog").daemon().start(this::guard);
        }
        return thread;
    }

    private void guard() {
        long before = System.nanoTime();
        while (true) {
            long pause = pause();
            if (pause == Long.MAX_VALUE) {
                LockSupport.park(this);
                before = System.nanoTime();
            } else {
                LockSupport.parkNanos(this, pause);
                long now = System.nanoTime();
                look(Math.min(now - before, 2 * pause)); // more is nobody's fault: all threads were stopped, or this one
                before = now;
            }
        }
    }

    private long pause() {
        long pause = Long.MAX_VALUE;
        for (WeakReference<Pulse> each : pulses) {
            Pulse pulse = each.get();
            pause = pulse == null ? pause : Math.min(pause, pulse.pause());
        }
        return pause;
    }

    private void look(long passed) {
        boolean anyGone = false;
        for (WeakReference<Pulse> each : pulses) {
            Pulse pulse = each.get();
            if (pulse == null) {
                anyGone = true;
                continue;
            }
            BlockedTurn blocked = pulse.look(passed);
            if (blocked != null) {
                report(blocked);
            }
        }
        if (anyGone) {
            pulses.removeIf(each -> each.get() == null);
        }
    }

    private void report(BlockedTurn turn) {
        try {
            System.getLogger("dev.thrum.loop").log(Level.WARNING, () -> describe(turn));
        } catch (Throwable unlogged) {
            Home.root().report(unlogged, Scope.root());
        }
        for (Listener each : listeners) {
            try {
                each.scope().run(() -> each.action().accept(turn));
            } catch (Throwable problem) {
                Home.root().report(problem, each.scope());
            }
        }
    }

    private static String describe(BlockedTurn turn) {
        var text = new StringBuilder(turn.message());
        if (!turn.isOver()) {
            turn.stack().stream().limit(FRAMES).forEach(frame -> text.append("\n\tat ").append(frame));
        }
        return text.toString();
    }
}
