package dev.thrum.verify.bench;

import java.util.Locale;

/// Where a figure was taken, in one line: no figure means anything without it.
final class Machine {

    private Machine() {}

    static String describe() {
        return String.format(
                Locale.ROOT,
                "%d x %s, Linux %s, Java %s, load %s",
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("os.version"),
                Runtime.version(),
                ProcFs.words(ProcFs.read("/proc/loadavg")).getFirst());
    }

    private static String processor() {
        return ProcFs.read("/proc/cpuinfo")
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
