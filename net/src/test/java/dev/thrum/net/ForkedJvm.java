package dev.thrum.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program of the tests in a process of its own.
final class ForkedJvm {
    private ForkedJvm() {}

    static Process start(Class<?> program, List<String> options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// {@return where the classes of the tests and of their rooms are, whether the tests run with modules or without}
    private static String classPath() {
        var paths = new ArrayList<String>(List.of(System.getProperty("java.class.path")));
        paths.add(System.getProperty("jdk.module.path", ""));
        for (Class<?> type : List.of(
                ForkedJvm.class,
                Socket.class,
                dev.thrum.loop.EventLoop.class,
                dev.thrum.promise.Promise.class,
                dev.thrum.scope.Scope.class)) {
            paths.add(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
        paths.add(Path.of("target", "test-classes").toString());
        return String.join(":", paths);
    }
}
