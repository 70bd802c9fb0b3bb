package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is alive on the heap of another JVM, after a full collection: the total of `jcmd`'s class histogram.
final class LiveHeap {

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    private LiveHeap() {}

    /// @param pid a JVM of the same user
    /// @return its live bytes
    /// @throws IOException if `jcmd` fails
    /// @throws InterruptedException if the calling thread is interrupted
    static OptionalLong bytes(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher total = TOTAL.matcher(output);
        if (process.waitFor() != 0 || !total.find()) {
            throw new IOException("jcmd gave no histogram of process " + pid + "\n" + output);
        }
        return OptionalLong.of(Long.parseLong(total.group(1)));
    }
}
