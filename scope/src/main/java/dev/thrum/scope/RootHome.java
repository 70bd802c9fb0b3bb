package dev.thrum.scope;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;

/// The home of threads that belong to no loop.
final class RootHome implements Home {
    // No logger is looked up before it is needed: to set up a system of logs is a good part of a start.
    static final RootHome INSTANCE = new RootHome(() -> System.getLogger("dev.thrum"));

    private final Supplier<System.Logger> log;

    RootHome(Supplier<System.Logger> log) {
        this.log = log;
    }

    /// Made when the first timer is.
    private static final class Timers {
        static final ScheduledThreadPoolExecutor EXECUTOR = create();

        private static ScheduledThreadPoolExecutor create() {
            var executor = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform()
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .name("thrum-timers")
                            .factory());
            executor.setRemoveOnCancelPolicy(true);
            return executor;
        }
    }

    @Override
    public boolean isHere() {
        return true;
    }

    @Override
    public boolean post(Runnable action) {
        guarded(requireNonNull(action, "action"), Scope.current());
        return true;
    }

    @Override
    public Registration hold() {
        return Registration.none();
    }

    @Override
    public Registration schedule(Duration delay, Runnable action) {
        requireNonNull(action, "action");
        Scope scope = Scope.current();
        long nanos = Deadline.nanos(delay);
        Future<?> timer =
                Timers.EXECUTOR.schedule(() -> guarded(() -> scope.run(action), scope), nanos, NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void report(Throwable problem, Scope scope) {
        try {
            log.get().log(Level.ERROR, "nobody handled an error" + Trace.subject(scope), problem);
        } catch (Throwable unlogged) { // a logger without memory or descriptors; whoever reports has nowhere else to go
            if (unlogged != problem) {
                unlogged.addSuppressed(problem);
            }
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, unlogged);
        }
    }

    private void guarded(Runnable action, Scope scope) {
        try {
            action.run();
        } catch (Throwable problem) {
            report(problem, scope);
        }
    }

    @Override
    public String toString() {
        return "root home";
    }
}
