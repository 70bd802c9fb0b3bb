package dev.thrum.verify.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that is not ours, run to its end.
/// @param exit its exit code
/// @param output what it printed, errors included
public record Foreign(int exit, String output) {

    /// {@return what a program came to}
    /// @param command the program and its arguments
    /// @throws IOException if it cannot be started, or still runs after a minute
    /// @throws InterruptedException if the caller is interrupted while it waits
    public static Foreign run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("thrum-peers", ".out");
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("still running after a minute: " + String.join(" ", command));
            }
            return new Foreign(process.exitValue(), Files.readString(output, UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
