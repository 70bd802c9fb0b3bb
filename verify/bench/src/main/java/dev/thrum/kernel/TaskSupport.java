package dev.thrum.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The way of an empty task through the kernel's code, all of it on one thread: submit, take, run, settle, receive. The only
/// worker is kept busy, so that no other thread takes part.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class TaskSupport {

    static final Callable<Object> EMPTY = () -> 1;

    private final CountDownLatch over = new CountDownLatch(1);
    private Team team;
    private RunQueue queue;
    private Results results;

    /// Hands an [#EMPTY] task to the kernel.
    abstract void submit(Team team, Results results);

    /// Keeps the worker busy, and finds the queue.
    @Setup
    public void open() throws InterruptedException {
        team = (Team) Kernel.start(1);
        var busy = new CountDownLatch(1);
        team.channel().submit(() -> {
            busy.countDown();
            over.await();
            return 1;
        });
        busy.await();
        queue = team.roster().at(0).era().queue(Priority.DEFAULT);
        results = new Results(team, Integer.MAX_VALUE);
    }

    /// One task.
    @Benchmark
    public Object wholeWay() {
        submit(team, results);
        Job job = queue.poll();
        Object body = job.body();
        job.claim();
        job.run(body, team);
        return results.poll().value();
    }

    /// Lets the worker go.
    @TearDown
    public void close() {
        over.countDown();
        team.close();
    }
}
