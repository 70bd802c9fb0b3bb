package dev.thrum.cli;

import static java.util.stream.Collectors.joining;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A command, as `thrum help` explains it.
enum Topic {
    DEMO("starts the photo service on four ports", """
            usage: thrum demo [--port N] [--dir PATH] [--workers N] [--access-log PATH] [--dev]

            Starts one application on four ports with a loop for each: upload pictures, watch their thumbnails
            being made, kill the jobs.

              --port N            the first of the four ports (8000); 0 takes any that are free
              --dir PATH          where the photos are kept (photos-data in the current directory)
              --workers N         threads of the kernel that makes the thumbnails (2)
              --access-log PATH   a file that gets a line for each request (none)
              --dev               record where things were made, so that reports can say it (slower)
            """),
    DUMP("has a running program tell what it does, and who waits for whom", """
            usage: thrum dump PID

            Has a program write its dump, as kill -USR1 does, says where, and prints it: loops, handles and where they were
            made, pending promises, tasks, queues, sockets, and who waits for whom. There are two files, a JSON text and a text
            for people. A loop that is stuck is seen from outside. Where things were made, and which promises are pending, is
            known to programs that run with -Dthrum.trace=true, such as thrum demo --dev.
            """),
    HELP("explains a command", """
            usage: thrum help [COMMAND]
            """),
    ROUTES("lists the routes of an application", """
            usage: thrum routes [APPLICATION]

            Lists the routes of an application, such as photos, or of all there are, in the order in which they are asked
            where several match. A route that is never asked unless another one passes says so.
            """),
    VERSION("says what runs here: the version, the JDK, the rooms", """
            usage: thrum version
            """);

    private final String summary;
    private final String text;

    Topic(String summary, String text) {
        this.summary = summary;
        this.text = text;
    }

    static Optional<Topic> find(String command) {
        return Stream.of(values()).filter(topic -> topic.command().equals(command)).findFirst();
    }

    /// {@return what `thrum help` prints}
    static String overview() {
        return Stream.of(values())
                .map(topic -> "  %-10s%s%n".formatted(topic.command(), topic.summary))
                .collect(joining("", "usage: thrum COMMAND [OPTION]...%n%n".formatted(), """

                        thrum help COMMAND tells its options.
                        """));
    }

    String command() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// {@return what `thrum help` prints for this command}
    String text() {
        return text;
    }
}
