package dev.thrum.promise;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A loop without a selector: turned by the thread that made it, in the time that the test tells.
final class TestLoop implements Home {
    private final Thread thread = Thread.currentThread();
    private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private final List<Throwable> reported = new ArrayList<>();
    private final List<String> subjects = new ArrayList<>();
    private final AtomicInteger holds = new AtomicInteger();
    private volatile boolean ended;
    private volatile long now;

    private record Due(long at, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.compare(at, other.at);
        }
    }

    /// Runs `body` at this home, as a callback would run, then everything posted.
    TestLoop turn(Runnable body) {
        Scope.current().at(this).run(() -> {
            body.run();
            settle();
        });
        return this;
    }

    /// Runs what is posted, for a few turns.
    void settle() {
        Scope.root().at(this).run(() -> {
            for (int i = posted.size() + 100_000; i > 0 && !posted.isEmpty(); i--) {
                posted.remove().run();
            }
        });
    }

    void advance(Duration time) {
        now += time.toNanos();
        Scope.root().at(this).run(() -> {
            while (!timers.isEmpty() && timers.peek().at <= now) {
                timers.remove().action.run();
            }
        });
        settle();
    }

    /// {@return a resolver whose home this is}
    <T> Resolver<T> resolver() {
        return Scope.root().at(this).call(Resolver::<T>create);
    }

    void end() {
        ended = true;
        posted.clear();
    }

    int holds() {
        return holds.get();
    }

    List<Throwable> reported() {
        return reported;
    }

    /// {@return what the reports say of their scopes}
    List<String> subjects() {
        return subjects;
    }

    @Override
    public boolean isHere() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean post(Runnable action) {
        return !ended && posted.add(action);
    }

    @Override
    public Registration hold() {
        holds.incrementAndGet();
        boolean[] released = new boolean[1];
        return () -> {
            if (!released[0]) {
                released[0] = true;
                holds.decrementAndGet();
            }
        };
    }

    @Override
    public Registration schedule(Duration delay, Runnable action) {
        Due due = new Due(now + delay.toNanos(), action);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void report(Throwable problem, Scope scope) {
        reported.add(problem);
        subjects.add(Trace.subject(scope));
    }
}
