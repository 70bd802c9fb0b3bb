package dev.thrum.system;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// What the system says is wrong, with the name of the file. The JDK gives names to problems with paths, but not to those
/// with open files: a full disk, a directory that is read like a file.
final class Problems {
    private Problems() {}

    static IOException named(IOException problem, Path path) {
        if (problem.getClass() != IOException.class) {
            return problem;
        }
        var named = new FileSystemException(path.toString(), null, problem.getMessage());
        named.initCause(problem);
        return named;
    }

    static <T> Callable<T> naming(Path path, Callable<T> operation) {
        return () -> {
            try {
                return operation.call();
            } catch (IOException e) {
                throw named(e, path);
            }
        };
    }
}
