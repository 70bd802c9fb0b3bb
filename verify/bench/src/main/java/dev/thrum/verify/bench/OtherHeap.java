package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `jcmd` tells of the heap of another JVM, of the same user.
final class OtherHeap {

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Pattern ALLOCATED = Pattern.compile(" allocated=(\\d+)([BKMGT])");
    private static final String UNITS = "BKMGT";

    private OtherHeap() {}

    /// {@return how many bytes are alive, after a full collection: the total of the class histogram}
    /// @param pid the process
    /// @throws IOException if `jcmd` fails
    /// @throws InterruptedException if the calling thread is interrupted
    static OptionalLong alive(long pid) throws IOException, InterruptedException {
        String output = jcmd(pid, "GC.class_histogram");
        Matcher total = TOTAL.matcher(output);
        if (!total.find()) {
            throw new IOException("jcmd gave no histogram of process " + pid + "\n" + output);
        }
        return OptionalLong.of(Long.parseLong(total.group(1)));
    }

    /// {@return how many bytes its threads have allocated so far} Those that have ended do not count; virtual threads count with
    /// those that carry them. To a part in a hundred, once it is some megabytes.
    /// @param pid the process
    /// @throws IOException if `jcmd` fails
    /// @throws InterruptedException if the calling thread is interrupted
    static long allocated(long pid) throws IOException, InterruptedException {
        return ALLOCATED.matcher(jcmd(pid, "Thread.print", "-e"))
                .results()
                .mapToLong(OtherHeap::bytes)
                .sum();
    }

    private static long bytes(MatchResult amount) {
        return Long.parseLong(amount.group(1)) << (10 * UNITS.indexOf(amount.group(2)));
    }

    private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd failed on process " + pid + "\n" + output);
        }
        return output;
    }
}
