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

/// What it costs another thread to make a loop do something: a callback for each message, or one for as many triggers as
/// come before it runs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class LoopPost {

    private static final int MESSAGES = 10_000;

    private final Arrivals posted = new Arrivals(MESSAGES);
    private final Arrivals triggered = new Arrivals(1);
    private final Arrivals answered = new Arrivals(1);
    private final Runnable arrive = posted::arrive;
    private final Runnable answer = answered::arrive;

    /// Hands `action` to the loop, from any thread.
    /// @param action runs there once for each call
    protected abstract void post(Runnable action);

    /// Prepares [#trigger].
    /// @param callback runs on the loop once for all triggers that came before
    protected abstract void onTrigger(Runnable callback);

    /// Asks for the callback, from any thread.
    protected abstract void trigger();

    /// Ends the loop.
    protected abstract void close();

    @Setup
    public final void start() {
        onTrigger(triggered::arrive);
    }

    /// Many messages one way, and the wait for the last callback; the time is for one.
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public final void oneWay() {
        long before = posted.rounds();
        for (int i = 0; i < MESSAGES; i++) {
            post(arrive);
        }
        posted.awaitRoundAfter(before);
    }

    /// One message, and the wait for its callback, which spins: there and back.
    @Benchmark
    public final void pingPong() {
        long before = answered.rounds();
        post(answer);
        answered.awaitRoundAfter(before);
    }

    /// As many triggers, and the wait for a callback; the time is for one trigger.
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public final void coalesced() {
        long before = triggered.rounds();
        for (int i = 0; i < MESSAGES; i++) {
            trigger();
        }
        triggered.awaitRoundAfter(before);
    }

    @TearDown
    public final void end() {
        close();
    }
}
