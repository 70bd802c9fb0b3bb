package dev.thrum.verify.bench;

import dev.thrum.kernel.TaskSupport;
import dev.thrum.verify.bench.micro.Forks;
import dev.thrum.verify.bench.micro.Graphs;
import dev.thrum.verify.bench.micro.LoopPost;
import dev.thrum.verify.bench.micro.Maps;
import dev.thrum.verify.bench.micro.PromiseChain;
import dev.thrum.verify.bench.micro.PromiseHop;
import dev.thrum.verify.bench.micro.RouteFind;
import dev.thrum.verify.bench.micro.ScopedTask;
import dev.thrum.verify.bench.micro.Sorts;
import dev.thrum.verify.bench.micro.SubmitReceive;
import dev.thrum.verify.bench.micro.Timers;
import dev.thrum.web.SnapshotRead;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/// A class of the package `micro` whose benchmark methods are questions, and whose subclasses are the peers.
/// @param type the class
/// @param baseline the peer that ratios refer to
record MicroSubject(Class<?> type, String baseline) {

    static final MicroSubject TASKS = new MicroSubject(SubmitReceive.class, "ThreadPool");
    static final MicroSubject SUPPORT = new MicroSubject(TaskSupport.class, "Bare");
    static final MicroSubject CHAINS = new MicroSubject(PromiseChain.class, "CompletableFuture");
    static final MicroSubject HOPS = new MicroSubject(PromiseHop.class, "CompletableFuture");
    static final MicroSubject SCOPES = new MicroSubject(ScopedTask.class, "ScopedValue");
    static final MicroSubject POSTS = new MicroSubject(LoopPost.class, "Netty");
    static final MicroSubject TIMERS = new MicroSubject(Timers.class, "Netty");
    static final MicroSubject ROUTES = new MicroSubject(RouteFind.class, "Ten");

    static final MicroSubject SNAPSHOTS = new MicroSubject(SnapshotRead.class, "Field");
    static final MicroSubject FORKS = new MicroSubject(Forks.class, "Serial");
    static final MicroSubject MAPS = new MicroSubject(Maps.class, "Loop");
    static final MicroSubject SORTS = new MicroSubject(Sorts.class, "Parallel");
    static final MicroSubject GRAPHS = new MicroSubject(Graphs.class, "CompletableFuture");

    static final List<MicroSubject> ALL = List.of(
            TASKS, SUPPORT, CHAINS, HOPS, SCOPES, POSTS, TIMERS, ROUTES, SNAPSHOTS, FORKS, MAPS, SORTS, GRAPHS);

    /// {@return what its times are told in}
    TimeUnit unit() {
        OutputTimeUnit said = type.getAnnotation(OutputTimeUnit.class);
        return said == null ? TimeUnit.NANOSECONDS : said.value();
    }

    /// {@return the names of its benchmark methods}
    List<String> questions() {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .sorted()
                .toList();
    }

    /// {@return every question to every peer, question by question, as JMH's list has them}
    List<MicroBenchmark> benchmarks() {
        var silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, List.of(".*"), List.of()).stream()
                .filter(entry -> type.isAssignableFrom(classOf(entry)))
                .map(this::benchmark)
                .sorted(Comparator.comparing(MicroBenchmark::question).thenComparing(MicroBenchmark::peer))
                .toList();
    }

    private MicroBenchmark benchmark(BenchmarkListEntry entry) {
        String className = entry.getUserClassQName();
        String peer = classOf(entry).getSimpleName().replaceFirst(type.getSimpleName() + "$", "");
        return new MicroBenchmark(className, peer, entry.getUsername().substring(className.length() + 1));
    }

    private static Class<?> classOf(BenchmarkListEntry entry) {
        try {
            return Class.forName(entry.getUserClassQName());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException("JMH lists a class that is not there: " + entry.getUsername(), missing);
        }
    }
}
