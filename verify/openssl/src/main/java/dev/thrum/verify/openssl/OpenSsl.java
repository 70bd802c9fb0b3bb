package dev.thrum.verify.openssl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The program `openssl`, and files that it makes, in one folder.
public final class OpenSsl {
    private final Path folder;

    private OpenSsl(Path folder) {
        this.folder = folder;
    }

    /// {@return the program, with an authority, `ca.pem`, and a certificate of it for `localhost`, `server.pem` and
    /// `server.key`, in `folder`}
    /// @param folder an empty folder
    /// @throws IOException if the program fails
    /// @throws InterruptedException if the caller is interrupted while it waits
    public static OpenSsl in(Path folder) throws IOException, InterruptedException {
        var openssl = new OpenSsl(folder);
        openssl.run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ca.key -out ca.pem -days 2"
                + " -subj /CN=authority");
        openssl.run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout server.key -out server.pem -days 2"
                + " -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE"
                + " -CA ca.pem -CAkey ca.key");
        return openssl;
    }

    /// {@return the path of a file in the folder}
    /// @param name its name
    public Path file(String name) {
        return folder.resolve(name);
    }

    /// Runs the program to its end.
    /// @param arguments with spaces between them
    /// @return what it printed, errors included
    /// @throws IOException if it cannot be started, or still runs after a minute
    /// @throws InterruptedException if the caller is interrupted while it waits
    public String run(String arguments) throws IOException, InterruptedException {
        return run("", arguments);
    }

    /// Runs the program to its end.
    /// @param input what it reads
    /// @param arguments with spaces between them
    /// @return what it printed, errors included
    /// @throws IOException if it cannot be started, or still runs after a minute
    /// @throws InterruptedException if the caller is interrupted while it waits
    public String run(String input, String arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "openssl", ".out");
        Process process = start(arguments, output);
        try (var stdin = process.outputWriter(UTF_8)) {
            stdin.write(input);
            stdin.flush();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("still running: " + arguments + "\n" + Files.readString(output, UTF_8));
            }
        }
        return Files.readString(output, UTF_8);
    }

    /// {@return the program, started}
    /// @param arguments with spaces between them
    /// @param output what it prints, errors included
    /// @throws IOException if it cannot be started
    public Process start(String arguments, Path output) throws IOException {
        List<String> command = new ArrayList<>(List.of(arguments.split(" ", -1)));
        command.addFirst("openssl");
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
