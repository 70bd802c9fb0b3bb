package dev.thrum.verify.bench.micro;

import dev.thrum.http.Method;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What it costs to find a route among many of one shape: `/r7/photos/{id}` and so on. The peers are numbers of routes: the
/// cost must not grow with them.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class RouteFind {
    private String exact = "";
    private String template = "";
    private String unknown = "";

    /// {@return how many routes of each shape there are}
    protected abstract int count();

    /// Takes in the routes `/rN/photos` and `/rN/photos/{id:int}/{size}` for all N below [#count].
    protected abstract void prepare();

    /// {@return what is found, or null}
    /// @param path the path of a GET request
    protected abstract Object find(String path);

    /// {@return the method that is asked for}
    protected static Method method() {
        return Method.GET;
    }

    @Setup
    public final void setUp() {
        prepare();
        int last = count() - 1;
        exact = "/r" + last + "/photos";
        template = "/r" + last + "/photos/4711/small";
        unknown = "/r" + last + "/other/4711";
    }

    @Benchmark
    public final Object exactPath() {
        return find(exact);
    }

    @Benchmark
    public final Object parameters() {
        return find(template);
    }

    @Benchmark
    public final Object nothing() {
        return find(unknown);
    }
}
