package dev.thrum.verify.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What it costs to run a task under the context that it was handed off with. The task adds one to a field.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class ScopedTask {
    private static final int TASKS = 1000;

    private final Runnable task = this::count;
    private int counted;

    private void count() {
        counted++;
    }

    /// Runs `body` under the context of the thread.
    /// @param body the loop over the tasks
    protected void where(Runnable body) {
        body.run();
    }

    /// Runs `task` under its own context.
    /// @param task the task
    protected abstract void run(Runnable task);

    /// Many tasks, one after the other; the time is for one.
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public final int task() {
        where(this::tasks);
        return counted;
    }

    private void tasks() {
        for (int i = 0; i < TASKS; i++) {
            run(task);
        }
    }
}
