package dev.thrum.web;

import dev.thrum.http.Http1;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// How a loop finds out, for each request, what application it serves now and how.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class SnapshotRead {
    RunningServer server;

    /// Starts an application.
    @Setup
    public void start() {
        server = (RunningServer) WebApp.create()
                .get("/", (_, response) -> response.send("hello"))
                .start(Listener.http(0).withHost("127.0.0.1"));
    }

    /// One look.
    abstract Http1.Terms terms();

    /// One look; the limits stand for all that it leads to.
    @Benchmark
    public Object read() {
        return terms().limits();
    }

    /// Ends it.
    @TearDown
    public void stop() {
        server.close();
    }
}
