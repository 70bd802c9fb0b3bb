package dev.thrum.verify.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What it costs to bring a result home to a loop: the loop makes promises and attaches a callback to each, another
/// thread settles them, the callbacks run on the loop.
///
/// Many are in flight, and the loop makes those of the next round after the last callback of this one: so each round is
/// paid for with one wake-up of the loop.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class PromiseHop {

    /// How many promises are in flight.
    protected static final int IN_FLIGHT = 1000;

    // Integers up to 127 are cached: no peer is to be charged for boxes.
    private static final int SMALL = 100;

    private final Arrivals arrivals = new Arrivals(IN_FLIGHT);

    /// Runs `action` on the loop.
    /// @param action makes the first promises
    protected abstract void onLoop(Runnable action);

    /// Makes promise `index` on the loop, with a callback there that calls [#arrive].
    /// @param index less than [#IN_FLIGHT]
    protected abstract void ask(int index);

    /// Settles promise `index` on the thread that measures.
    /// @param index less than [#IN_FLIGHT]
    /// @param value what it becomes
    protected abstract void settle(int index, int value);

    /// Ends the loop.
    protected abstract void close();

    /// Takes note of a callback, on the loop.
    /// @param value what the promise became
    protected final void arrive(int value) {
        if (arrivals.isLast()) {
            askAll();
            arrivals.endRound();
        }
    }

    private void askAll() {
        for (int i = 0; i < IN_FLIGHT; i++) {
            ask(i);
        }
    }

    @Setup
    public final void start() {
        var asked = new Arrivals(1);
        onLoop(() -> {
            askAll();
            asked.arrive();
        });
        asked.awaitRoundAfter(0);
    }

    /// A round of promises; the time is for one, from its making to its callback.
    @Benchmark
    @OperationsPerInvocation(IN_FLIGHT)
    public final void hop() {
        long before = arrivals.rounds();
        for (int i = 0; i < IN_FLIGHT; i++) {
            settle(i, i % SMALL);
        }
        arrivals.awaitRoundAfter(before);
    }

    @TearDown
    public final void end() {
        close();
    }
}
