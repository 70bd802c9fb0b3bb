package dev.thrum.kernel;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A program of the tests in a process of its own, without tracing.
final class Forked {
    private Forked() {}

    /// @param options for the JVM
    /// @param program has the `main`
    /// @param argument of the program
    static Process start(List<String> options, Class<?> program, String argument) throws IOException {
        String path = Stream.of(origin(Scope.class), origin(Promise.class), Path.of("target/classes"), Path.of("target/test-classes"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", path, program.getName(), argument));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
