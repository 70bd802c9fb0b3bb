package dev.thrum.examples.photos;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// How the service is to run.
///
/// @param port the first of its four ports; 0 for any four that are free
/// @param directory where the photos are kept
/// @param workers how many workers make thumbnails, and whatever else is heavy
/// @param accessLog where a line is written for each request, if anywhere
record Options(int port, Path directory, int workers, Optional<Path> accessLog) {
    static final int PORTS = 4;

    /// {@return what `args` say, and the defaults for the rest}
    /// @throws UsageException if they cannot be understood
    static Options parse(String... args) throws UsageException {
        Arguments arguments = Arguments.parse(args, "port", "dir", "workers", "access-log");
        return new Options(
                arguments.number("port", 0, 65_536 - PORTS).orElse(8_000),
                path("dir", arguments.text("dir").orElse("photos-data")),
                arguments.number("workers", 1, 256).orElse(2),
                accessLog(arguments.text("access-log")));
    }

    private static Optional<Path> accessLog(Optional<String> text) throws UsageException {
        return text.isPresent() ? Optional.of(path("access-log", text.get())) : Optional.empty();
    }

    private static Path path(String name, String text) throws UsageException {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new UsageException("--" + name + " must be a path: " + e.getMessage());
        }
    }
}
