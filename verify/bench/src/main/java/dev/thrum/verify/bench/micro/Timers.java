package dev.thrum.verify.bench.micro;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a timer costs that does not fire, as most do: a million with delays of 1 to 100 seconds are scheduled on the
/// loop's own thread, then all are cancelled there.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class Timers {

    /// How many timers there are: a million, but for the test that only sees whether all runs.
    protected static final int TIMERS = Integer.getInteger("thrum.bench.timers", 1_000_000);

    private static final int MILLION = 1_000_000;
    private static final int LEAST_MILLIS = 1_000;
    private static final int MOST_MILLIS = 100_000;

    // The same delays for every peer.
    private final int[] delays = new SplittableRandom(42).ints(TIMERS, LEAST_MILLIS, MOST_MILLIS).toArray();

    /// Runs `action` on the loop's thread.
    /// @param action schedules and cancels
    protected abstract void onLoop(Runnable action);

    /// Schedules timer `index`, which does nothing should it ever fire.
    /// @param index less than [#TIMERS]
    /// @param millis its delay
    protected abstract void schedule(int index, int millis);

    /// Cancels timer `index`.
    /// @param index less than [#TIMERS]
    protected abstract void cancel(int index);

    /// Ends the loop.
    protected abstract void close();

    /// What a timer does.
    protected static void nothing() {}

    /// The time is for one timer, scheduled and cancelled.
    @Benchmark
    @OperationsPerInvocation(MILLION)
    public final void million() {
        var done = new CompletableFuture<Void>();
        onLoop(() -> {
            scheduleThenCancel();
            done.complete(null);
        });
        done.join();
    }

    private void scheduleThenCancel() {
        for (int i = 0; i < TIMERS; i++) {
            schedule(i, delays[i]);
        }
        for (int i = 0; i < TIMERS; i++) {
            cancel(i);
        }
    }

    @TearDown
    public final void end() {
        close();
    }
}
