package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What Linux tells of processes under `/proc`.
final class ProcFs {

    // USER_HZ is 100 on every architecture that a JVM runs on; it has nothing to do with the kernel's own HZ.
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int USER = 13;
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private ProcFs() {}

    /// Processor time used so far. The sum is exact; its split is the kernel's estimate by ticks.
    /// @param userNanos in the program
    /// @param systemNanos in the kernel, on the program's behalf
    record CpuTime(long userNanos, long systemNanos) {

        CpuTime plus(CpuTime other) {
            return new CpuTime(userNanos + other.userNanos, systemNanos + other.systemNanos);
        }

        long totalNanos() {
            return userNanos + systemNanos;
        }

        CpuTime since(CpuTime earlier) {
            return new CpuTime(userNanos - earlier.userNanos, systemNanos - earlier.systemNanos);
        }
    }

    /// {@return what process `pid` has used, all its threads}
    static CpuTime of(long pid) {
        return stat("/proc/" + pid + "/stat", USER);
    }

    /// {@return what process `pid` and the processes that it has started have used, as long as they run}
    static CpuTime ofTree(long pid) {
        CpuTime all = of(pid);
        for (String child : words(read("/proc/" + pid + "/task/" + pid + "/children"))) {
            if (!child.isEmpty()) {
                all = all.plus(ofTree(Long.parseLong(child)));
            }
        }
        return all;
    }

    /// {@return what this process's children that have ended have used}
    static CpuTime ofEndedChildren() {
        return stat("/proc/self/stat", USER + 2);
    }

    /// {@return what the whole machine was busy, time stolen by its hypervisor included, over all processors}
    static long machineNanos() {
        List<String> fields = words(read("/proc/stat").lines().findFirst().orElseThrow());
        long ticks = 0;
        for (int i = 1; i <= 8; i++) {
            boolean idle = i == 4 || i == 5;
            ticks += idle ? 0 : Long.parseLong(fields.get(i));
        }
        return ticks * NANOS_PER_TICK;
    }

    /// {@return the resident memory of process `pid`, bytes}
    static long residentBytes(long pid) {
        try (Stream<String> lines = read("/proc/" + pid + "/status").lines()) {
            String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
    }

    private static CpuTime stat(String file, int userField) {
        String stat = read(file);
        // The second field is the command in parentheses and may hold spaces; the third begins after the last one.
        List<String> fields = words(stat.substring(stat.lastIndexOf(')') + 2));
        return new CpuTime(ticks(fields.get(userField - 2)), ticks(fields.get(userField - 1)));
    }

    private static long ticks(String field) {
        return Long.parseLong(field) * NANOS_PER_TICK;
    }

    static List<String> words(String line) {
        return SPACES.splitAsStream(line.strip()).toList();
    }

    static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the benchmarks need Linux's /proc", unreadable);
        }
    }
}
