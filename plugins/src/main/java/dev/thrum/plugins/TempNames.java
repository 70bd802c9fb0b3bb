package dev.thrum.plugins;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names of temporary files that tell which process has made them, so that those of one that was killed can be found.
final class TempNames {
    private static final Pattern NAME = Pattern.compile("thrum-upload-([0-9]{1,18})-([0-9a-f]{1,15})-.*");
    private static final String PREFIX =
            "thrum-upload-" + ProcessHandle.current().pid() + "-" + start(ProcessHandle.current()) + "-";

    private TempNames() {}

    static String prefix() {
        return PREFIX;
    }

    private static String start(ProcessHandle process) {
        return Long.toHexString(process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli());
    }

    /// Removes the files of processes that are no more. Blocks.
    /// @return how many there were
    static int sweep(Path directory) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "thrum-upload-*")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && !isAlive(Long.parseLong(name.group(1)), name.group(2))) {
                    removed += Files.deleteIfExists(file) ? 1 : 0;
                }
            }
        }
        return removed;
    }

    private static boolean isAlive(long pid, String started) {
        return ProcessHandle.of(pid).filter(process -> start(process).equals(started)).isPresent();
    }
}
