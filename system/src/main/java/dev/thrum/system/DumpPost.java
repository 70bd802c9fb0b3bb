package dev.thrum.system;

import dev.thrum.loop.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where a process says that it waits for a signal to write a dump, and what became of the last one: a file that is named by the
/// number of the process, in a directory of its user.
///
/// Without it the signal must not be sent: it ends a process that does not wait for it.
final class DumpPost {
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final Path file;
    private final long pid;
    private final Signal signal;
    private int told; // guarded by this

    private DumpPost(Path file, long pid, Signal signal) {
        this.file = file;
        this.pid = pid;
        this.signal = signal;
    }

    private static Path directory(ProcessHandle process) {
        String user = process.info().user().orElse(System.getProperty("user.name"));
        return Path.of(System.getProperty("java.io.tmpdir"), "thrum-" + user.replaceAll("[^\\w.-]", "_"));
    }

    private static long start(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    // ---- of this process

    static DumpPost ofThisProcess(Signal signal) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        Path directory = Owned.directory(directory(self));
        sweep(directory);
        return new DumpPost(directory.resolve(Long.toString(self.pid())), self.pid(), signal);
    }

    /// Forgets processes that were killed.
    private static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> posts = Files.newDirectoryStream(directory, "[0-9]*")) {
            for (Path post : posts) {
                String pid = post.getFileName().toString().split("\\.", 2)[0];
                if (pid.length() < 19 && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(post);
                }
            }
        }
    }

    void open() throws IOException {
        tell("nothing yet");
        file.toFile().deleteOnExit();
    }

    synchronized void tell(String news) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        String text = start(ProcessHandle.current()) + "\n" + signal + "\n" + told++ + " " + news.replace('\n', ' ') + "\n";
        Owned.create(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void close() {
        if (!file.toFile().delete() && Files.exists(file)) {
            throw new IllegalStateException("cannot delete " + file);
        }
    }

    // ---- of another process

    /// @throws IOException if there is no such process, or it does not wait for a signal
    static DumpPost of(long pid) throws IOException {
        ProcessHandle process = ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .orElseThrow(() -> new IOException("there is no process " + pid));
        Optional<String> self = ProcessHandle.current().info().user();
        Optional<String> owner = process.info().user();
        if (!owner.equals(self) && !self.equals(Optional.of("root"))) {
            throw new IOException("no permission: process " + pid + " belongs to " + owner.orElse("somebody else"));
        }
        Path file = directory(process).resolve(Long.toString(pid));
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refusal(pid, file);
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() != 3 || !isStart(process, lines.get(0))) {
            throw refusal(pid, file);
        }
        return new DumpPost(file, pid, Signal.valueOf(lines.get(1)));
    }

    /// {@return whether the process is the one that has written this: numbers are used again}
    private static boolean isStart(ProcessHandle process, String millis) {
        return millis.matches("\\d{1,18}")
                && Math.abs(start(process) - Long.parseLong(millis)) <= CLOCKS_DIFFER.toMillis();
    }

    private static IOException refusal(long pid, Path file) {
        return new IOException("process " + pid + " is no Thrum program that waits for a signal to write dumps: it has no " + file);
    }

    /// {@return what became of the last dump, behind a number}
    String news() throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() != 3) {
            throw refusal(pid, file);
        }
        return lines.get(2);
    }

    /// Sends the signal.
    void raise() throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (kill.waitFor() != 0) {
            throw new IOException("the signal could not be sent to process " + pid + ": " + said);
        }
    }
}
