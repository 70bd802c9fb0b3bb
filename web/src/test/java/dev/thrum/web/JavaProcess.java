package dev.thrum.web;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program of the tests in a process of its own.
final class JavaProcess {
    private JavaProcess() {}

    static Process of(Class<?> program, String... arguments) throws IOException {
        List<String> paths = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        paths.add(System.getProperty("jdk.module.path", ""));
        for (Class<?> type : List.of(JavaProcess.class, Server.class)) {
            paths.add(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
        paths.add(Path.of("target", "test-classes").toString());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(":", paths),
                program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
