package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.system.Disk;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Lines on their way to a file: gathered while a write is under way, then written all at once.
final class LogLines {
    /*
     * All fields are guarded by `lock`. Whoever adds a line while nothing is written starts a write; when it is done, the thread that has
     * done it starts the next one, with what has come meanwhile. Writes run without a home, so they outlive the loops.
     */
    private static final int MOST = 1 << 20; // bytes that wait
    private static final DateTimeFormatter COMMON =
            DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss '+0000]'", Locale.US).withZone(ZoneOffset.UTC);

    private final Object lock = new Object();
    private final Path file;
    private final Disk disk;
    private final boolean json;
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private int lines; // that wait
    private boolean writing;
    private long missing; // dropped, and not yet told in the log
    private long dropped;

    LogLines(Path file, Disk disk, boolean json) {
        this.file = file;
        this.disk = disk;
        this.json = json;
    }

    void add(String line) {
        byte[] bytes = line.getBytes(UTF_8);
        synchronized (lock) {
            if (waiting.size() + bytes.length > MOST) {
                missing++;
                dropped++;
                return;
            }
            waiting.writeBytes(bytes);
            lines++;
            if (writing) {
                return;
            }
            writing = true;
        }
        writeNext();
    }

    private void writeNext() {
        byte[] batch;
        int count;
        synchronized (lock) {
            if (lines == 0) { // what is missing is told with the next line, so that a broken disk is not asked in vain
                writing = false;
                lock.notifyAll();
                return;
            }
            if (missing > 0) {
                waiting.writeBytes((json ? "{\"dropped\":" + missing + "}\n" : "# " + missing + " lines were dropped\n")
                        .getBytes(UTF_8));
                missing = 0;
            }
            batch = waiting.toByteArray();
            count = lines;
            waiting = new ByteArrayOutputStream();
            lines = 0;
        }
        Promise<Path> written = Scope.root().call(() -> disk.append(file, ByteBuffer.wrap(batch)));
        Scope.root().run(() -> written.map(path -> true).recover(Throwable.class, problem -> lost(count, problem)).tap(
                done -> writeNext()));
    }

    private boolean lost(int count, Throwable problem) {
        synchronized (lock) {
            missing += count;
            dropped += count;
        }
        Home.root().report(problem, Scope.root());
        return false;
    }

    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /// Waits until everything is written, for so long at most.
    void await(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        synchronized (lock) {
            while (writing && !interrupted && end - System.nanoTime() > 0) {
                try {
                    lock.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- writing

    static String commonDate(Instant instant) {
        return COMMON.format(instant);
    }

    /// {@return `text` without anything that could end a line or a quoted text}
    static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || (c > 0x9f && c != 0x2028 && c != 0x2029));
            if (!plain && escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null && plain) {
                escaped.append(c);
            } else if (escaped != null) {
                escaped.append(String.format("\\x%02x", (int) c));
            }
        }
        return escaped == null ? text : escaped.toString();
    }
}
