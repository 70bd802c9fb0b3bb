package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.Signal;
import dev.thrum.scope.Dump;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Dumps in files: a JSON text and a text for people, side by side, written by a call, by a signal, or because another process
/// asks for them.
///
/// ```java
/// DumpFiles.on(Signal.USR1, Path.of("/var/log/shop"));     // kill -USR1, or ./thrum dump
/// Path json = DumpFiles.write(Path.of("/var/log/shop"));   // now
/// ```
///
/// A file is called `thrum-PID-TIME.json` or `.txt`, and only its owner may read it. A directory keeps the last ten dumps of a process.
/// See [Dump] for what is in it.
///
/// **Threads.** Any thread but a loop's; all of it blocks. The signal is heard on a thread of its own, even if all loops are stuck.
/// **Failure.** A dump that a signal asks for, and that cannot be written, is reported to the root home, and told to who asked.
public final class DumpFiles {
    private static final System.Logger LOG = System.getLogger("dev.thrum.system");
    private static final Duration PATIENCE = Duration.ofMillis(500); // with loops that may be stuck
    private static final int KEPT = 10;
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(20);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");
    private static final Object WRITING = new Object(); // one dump at a time

    private DumpFiles() {}

    /// Takes a dump and writes it. Takes half a second longer if somebody does not answer.
    /// @param directory where to; it is made if need be
    /// @return the JSON file; the text is beside it
    /// @throws IOException if the files cannot be written
    public static Path write(Path directory) throws IOException {
        Files.createDirectories(requireNonNull(directory, "directory"));
        synchronized (WRITING) {
            Dump dump = Dump.take(PATIENCE);
            String prefix = "thrum-" + ProcessHandle.current().pid() + "-";
            Path json = newFile(directory, prefix, dump.toJson());
            String name = json.getFileName().toString();
            Owned.create(json.resolveSibling(name.substring(0, name.length() - 4) + "txt"), dump.toText());
            forgetOld(directory, prefix);
            return json;
        }
    }

    private static Path newFile(Path directory, String prefix, String text) throws IOException {
        LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
        Path json = directory.resolve(prefix + TIME.format(now) + ".json");
        while (Files.exists(json)) { // there has been one in this very millisecond
            now = now.plusNanos(1_000_000);
            json = directory.resolve(prefix + TIME.format(now) + ".json");
        }
        return Owned.create(json, text);
    }

    private static void forgetOld(Path directory, String prefix) throws IOException {
        for (String ending : List.of("json", "txt")) {
            List<Path> all = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*." + ending)) {
                files.forEach(all::add);
            }
            all.sort(Comparator.reverseOrder());
            for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
                Files.deleteIfExists(old);
            }
        }
    }

    /// Writes a dump whenever the process gets a signal. The signal does not end the process any more, and [#ask] finds this process.
    /// @param signal which one, such as [Signal#USR1]
    /// @param directory where the files go; it is made if need be
    /// @return lets go of the signal
    /// @throws IOException if the directory cannot be made, or nobody could find this process
    /// @throws IllegalStateException if the system or the JVM keeps the signal for itself
    public static Registration on(Signal signal, Path directory) throws IOException {
        requireNonNull(signal, "signal");
        Files.createDirectories(requireNonNull(directory, "directory"));
        DumpPost post = DumpPost.ofThisProcess(signal);
        Registration heard = signal.onRaised(() -> answer(post, directory));
        try {
            post.open();
        } catch (Throwable problem) {
            heard.close();
            throw problem;
        }
        return () -> {
            post.close();
            heard.close();
        };
    }

    private static void answer(DumpPost post, Path directory) {
        String news;
        try {
            Path json = write(directory);
            LOG.log(Level.INFO, "a dump was written to {0}", json);
            news = "wrote " + json.toAbsolutePath();
        } catch (IOException | RuntimeException problem) {
            Home.root().report(problem, Scope.root());
            news = "failed " + problem;
        }
        try {
            post.tell(news);
        } catch (IOException problem) {
            Home.root().report(problem, Scope.root());
        }
    }

    /// Has another process write a dump, by its signal.
    /// @param pid the number of the process
    /// @param patience how long it may take
    /// @return the JSON file; the text is beside it
    /// @throws IOException if there is no such process, if it belongs to somebody else, if it does not wait for a signal ([#on]), so that
    ///     the signal would end it, or if it writes nothing in time
    /// @throws InterruptedException if the caller is interrupted while it waits
    public static Path ask(long pid, Duration patience) throws IOException, InterruptedException {
        DumpPost post = DumpPost.of(pid);
        String before = post.news();
        post.raise();
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0) {
            String news = post.news();
            if (!news.equals(before)) {
                return file(pid, news.substring(news.indexOf(' ') + 1));
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN);
        }
        throw new IOException("process " + pid + " has not written its dump within " + patience.toMillis() + " ms");
    }

    private static Path file(long pid, String news) throws IOException {
        if (!news.startsWith("wrote ")) {
            throw new IOException("process " + pid + " could not write its dump: " + news);
        }
        return Path.of(news.substring("wrote ".length()));
    }
}
