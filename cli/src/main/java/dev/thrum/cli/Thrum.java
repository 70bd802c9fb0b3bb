package dev.thrum.cli;

import static java.util.Objects.requireNonNull;

import dev.thrum.system.DumpFiles;
import dev.thrum.web.Application;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The `thrum` command.
///
/// Results go to the standard output, complaints to the standard error: one line that names what was wrong. The exit
/// status is 0, or [#USAGE] for a command, a topic, an option or an application that does not exist, or 69 if an application
/// cannot be looked at, or a process tells nothing.
///
/// **Threads.** One, that of the caller.
public final class Thrum {
    /// The exit status of a wrong command line, as in `sysexits.h`.
    public static final int USAGE = 64;

    private static final int UNAVAILABLE = 69;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PrintStream out;
    private final PrintStream err;

    private Thrum(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /// Runs the command and exits.
    /// @param args the command and its arguments; none means `help`
    public static void main(String... args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /// {@return the exit status of the command}
    /// @param args the command and its arguments; none means `help`
    /// @param out where results go
    /// @param err where complaints go
    public static int run(List<String> args, PrintStream out, PrintStream err) {
        Thrum thrum = new Thrum(requireNonNull(out, "out"), requireNonNull(err, "err"));
        String command = args.isEmpty() ? "help" : args.getFirst();
        List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
        return switch (command) {
            case "help", "--help", "-h" -> thrum.help(rest);
            case "dump" -> thrum.dump(rest);
            case "routes" -> thrum.routes(rest, RouteList.load());
            case "version", "--version", "-V" -> thrum.version(rest);
            case "demo" -> thrum.complain("the launcher starts the demo: run ./thrum demo");
            default -> thrum.unknown(command);
        };
    }

    private int help(List<String> topics) {
        if (topics.isEmpty()) {
            return print(Topic.overview());
        }
        Optional<Topic> topic = Topic.find(topics.getFirst());
        if (topic.isEmpty()) {
            return unknown(topics.getFirst());
        }
        return topics.size() > 1 ? surplus("help", topics.get(1)) : print(topic.get().text());
    }

    private int version(List<String> rest) {
        return rest.isEmpty() ? print(Version.text()) : surplus("version", rest.getFirst());
    }

    /// Has another process write a dump, and prints it.
    private int dump(List<String> pids) {
        if (pids.isEmpty()) {
            return complain("dump needs the number of a process (see thrum help dump)");
        }
        if (pids.size() > 1) {
            return surplus("dump", pids.get(1));
        }
        if (!pids.getFirst().matches("\\d{1,18}")) {
            return complain("the number of a process must be a number: " + pids.getFirst());
        }
        try {
            Path json = DumpFiles.ask(Long.parseLong(pids.getFirst()), PATIENCE);
            String name = json.getFileName().toString();
            Path text = json.resolveSibling(name.substring(0, name.length() - 4) + "txt");
            print("%s%n%s%n%n%s".formatted(json, text, Files.readString(text)));
            return 0;
        } catch (IOException problem) {
            complain(String.valueOf(problem.getMessage()));
            return UNAVAILABLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            complain("interrupted while waiting for the dump");
            return UNAVAILABLE;
        }
    }

    /// Lists the routes of one application, or of all.
    private int routes(List<String> names, RouteList list) {
        if (names.size() > 1) {
            return surplus("routes", names.get(1));
        }
        List<Application> chosen = names.isEmpty() ? list.applications() : list.find(names.getFirst()).stream().toList();
        if (chosen.isEmpty()) {
            String name = names.isEmpty() ? "" : ": " + names.getFirst();
            return complain("unknown application" + name + " (there is: " + list.names() + ")");
        }
        try {
            for (Application application : chosen) {
                print(RouteList.text(application));
            }
            return 0;
        } catch (IOException problem) {
            complain("cannot look at the application: " + problem.getMessage());
            return UNAVAILABLE;
        }
    }

    private int unknown(String argument) {
        String kind = argument.startsWith("-") ? "option" : "command";
        return complain("unknown " + kind + ": " + argument + " (thrum help lists the commands)");
    }

    private int surplus(String command, String argument) {
        return complain(command + " takes no such argument: " + argument + " (see thrum help " + command + ")");
    }

    private int print(String text) {
        out.print(text);
        out.flush();
        return 0;
    }

    private int complain(String problem) {
        err.println("thrum: " + problem);
        return USAGE;
    }
}
