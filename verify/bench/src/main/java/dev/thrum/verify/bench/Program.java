package dev.thrum.verify.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A benchmark that can be asked for by name.
/// @param name what the user writes
/// @param defaults its options
/// @param body what it does
record Program(String name, Map<String, String> defaults, Body body) {

    /// All there are.
    static final List<Program> ALL = List.of(
            load("http", HttpBench.OPTIONS, Load.PLAINTEXT),
            load("loops", HttpBench.LOOPS_OPTIONS, Load.PORTS),
            load("json", HttpBench.JSON_OPTIONS, Load.JSON),
            load("static", HttpBench.FILE_OPTIONS, Load.FILE),
            load("upload", HttpBench.UPLOAD_OPTIONS, Load.UPLOAD),
            new Program(
                    "allocation", AllocationBench.OPTIONS, (options, work, out) -> new AllocationBench(options, work, out).run()),
            new Program(
                    "first-second", FirstSecondBench.OPTIONS, (options, work, out) -> new FirstSecondBench(options, work, out).run()),
            new Program(
                    "startup", StartupBench.OPTIONS, (options, work, out) -> new StartupBench(options, work, out).run()),
            new Program("idle", IdleBench.OPTIONS, (options, work, out) -> new IdleBench(options, work, out).run()),
            new Program(
                    "neighbours", NeighboursBench.OPTIONS, (options, work, out) -> new NeighboursBench(options, work, out).run()),
            new Program("echo", EchoBench.OPTIONS, (options, work, out) -> new EchoBench(options, work, out).run()),
            new Program("kill", KillBench.OPTIONS, (options, _, out) -> new KillBench(options, out).run()),
            new Program("tls-echo", TlsEchoBench.OPTIONS, (options, work, out) -> new TlsEchoBench(options, work, out).run()),
            new Program("scale", ScaleBench.OPTIONS, (options, _, out) -> new ScaleBench(options, out).run()),
            new Program("rest", RestBench.OPTIONS, (options, _, out) -> new RestBench(options, out).run()),
            new Program("watchdog", WatchdogBench.OPTIONS, (options, _, out) -> new WatchdogBench(options, out).run()),
            micro("tasks", MicroSubject.TASKS, MicroSubject.SUPPORT),
            micro("promises", MicroSubject.CHAINS, MicroSubject.HOPS),
            micro("scopes", MicroSubject.SCOPES),
            micro("posts", MicroSubject.POSTS),
            micro("timers", MicroSubject.TIMERS),
            micro("routes", MicroSubject.ROUTES),
            micro("snapshots", MicroSubject.SNAPSHOTS),
            micro("forks", MicroSubject.FORKS),
            micro("algorithms", MicroSubject.MAPS, MicroSubject.SORTS),
            micro("ptree", MicroSubject.GRAPHS));

    /// What a program does.
    interface Body {
        void run(Options options, Path work, PrintStream out) throws Exception;
    }

    Program {
        defaults = Map.copyOf(defaults);
    }

    private static Program load(String name, Map<String, String> options, Load load) {
        return new Program(name, options, (given, work, out) -> new HttpBench(load, given, work, out).run());
    }

    private static Program micro(String name, MicroSubject... subjects) {
        return new Program(
                name,
                MicroBench.OPTIONS,
                (options, work, out) -> new MicroBench(List.of(subjects), options, out).run());
    }

    /// @throws UsageException if there is none of that name
    static Program named(String name) {
        return ALL.stream()
                .filter(program -> program.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no such program: " + name + "; there are " + names()));
    }

    static String names() {
        return ALL.stream().map(Program::name).collect(Collectors.joining(", "));
    }

    /// @param arguments its options, `--name value`
    /// @param out where its tables go
    void run(List<String> arguments, PrintStream out) throws Exception {
        Options options = Options.parse(arguments, defaults);
        try (WorkDirectory work = WorkDirectory.create()) {
            out.println(Machine.describe() + "\n");
            body.run(options, work.path(), out);
        }
    }
}
