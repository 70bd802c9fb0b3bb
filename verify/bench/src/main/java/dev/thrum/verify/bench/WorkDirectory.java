package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory for compiled peers, caches and logs; gone at the end.
/// @param path where it is; absolute
record WorkDirectory(Path path) implements AutoCloseable {

    static WorkDirectory create() throws IOException {
        return new WorkDirectory(Files.createTempDirectory("thrum-bench").toAbsolutePath());
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(path)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }
}
