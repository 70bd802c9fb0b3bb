package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A server program that stands in the tables. Its behaviour is described at `dev.thrum.verify.bench.server.Hello`.
interface Peer {

    /// {@return its name in the tables and in `--peers`}
    String name();

    /// {@return what the machine lacks to run it, or nothing}
    default Optional<String> missing() {
        return Optional.empty();
    }

    /// Does once what must be done before its first start, such as compiling it.
    /// @param work a directory for files; absolute
    /// @throws IOException if a file cannot be written or a tool cannot be run
    /// @throws InterruptedException if the calling thread is interrupted
    default void prepare(Path work) throws IOException, InterruptedException {}

    /// {@return the command that serves until it is ended}
    /// @param work the directory that was prepared
    /// @param port where to listen, on 127.0.0.1
    /// @param routes how many routes the application has
    List<String> command(Path work, int port, int routes);
}
