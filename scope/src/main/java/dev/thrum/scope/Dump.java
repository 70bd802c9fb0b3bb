package dev.thrum.scope;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A picture of this process: its loops, kernels, promises and servers, what each has to do, and who waits for whom.
///
/// ```java
/// Dump dump = Dump.take(Duration.ofSeconds(1));
/// Files.writeString(path, dump.toJson());
/// System.err.println(dump.toText());
/// Dump.include("pools", () -> Map.of("name", "database", "busy", pool.busy()));    // one more thing to be seen there
/// ```
///
/// Everything is seen twice: from outside, by a thread of the dump, and, where it has a thread of its own, by that, if it finds
/// the time within the patience. So a loop that is stuck is there, too, with its stack, the callback it is stuck in, and what it
/// keeps waiting. Nothing is stopped for it. Whatever is seen is bounded: 1,000 items of a list, 2,000 characters of a text, 4 Mi
/// characters in all; what is left out is counted.
///
/// An entry is a map of texts, numbers, booleans, lists and maps. Its first key should be `name`. Edges of who waits for whom are the
/// list `waits` of maps with `who` and `for`; the dump gathers them at its top. What keeps those waiting that it does not answer is
/// called `doing`. It must tell nothing that belongs to users: names and paths, yes; bodies and header values, no.
///
/// **Threads.** Any thread. [#take] blocks as long as its patience at most; on a loop, it keeps that waiting as well. All else
/// does not block. What is included is asked under the root scope: a dump is nobody's request.
/// **Failure.** What cannot be seen is told as a `problem` in its place.
public final class Dump {
    private static final List<Subject> SUBJECTS = new CopyOnWriteArrayList<>();

    private final Map<String, Object> content;

    /// Something that can be seen.
    private record Subject(
            String kind,
            Supplier<? extends Map<String, ?>> seen,
            @Nullable Supplier<? extends CompletableFuture<? extends Map<String, ?>>> told) {}

    private Dump(Map<String, Object> content) {
        this.content = content;
    }

    /// Includes something in all dumps to come.
    /// @param kind under what heading, such as `pools`
    /// @param seen what it looks like from outside; runs on a thread of the dump, and must not block
    /// @return leaves it out again
    public static Registration include(String kind, Supplier<? extends Map<String, ?>> seen) {
        return add(new Subject(requireNonNull(kind, "kind"), requireNonNull(seen, "seen"), null));
    }

    /// Includes something that has a thread of its own in all dumps to come.
    /// @param kind under what heading, such as `loops`
    /// @param seen what it looks like from outside; runs on a thread of the dump, and must not block
    /// @param told asks it to tell what only its own thread knows; runs on the thread that takes the dump, and must not block. What
    ///     it tells later than within the patience of the dump is lost, and the dump says that it does not answer
    /// @return leaves it out again
    public static Registration include(
            String kind,
            Supplier<? extends Map<String, ?>> seen,
            Supplier<? extends CompletableFuture<? extends Map<String, ?>>> told) {
        return add(new Subject(
                requireNonNull(kind, "kind"), requireNonNull(seen, "seen"), requireNonNull(told, "told")));
    }

    private static Registration add(Subject subject) {
        SUBJECTS.add(subject);
        return () -> SUBJECTS.removeIf(each -> each == subject);
    }

    /// Takes a dump. An interrupt cuts the patience short, and is kept.
    /// @param patience how long to wait, in all, for those who have to answer themselves
    /// @return what could be seen
    /// @throws IllegalArgumentException if `patience` is negative
    public static Dump take(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative: " + patience);
        }
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
        List<Look> looks = SUBJECTS.stream().map(Look::new).toList();
        List<Object> waits = new ArrayList<>();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("process", process());
        all.put("waits", waits);
        for (Look look : looks) {
            Map<String, Object> entry = look.entry(deadline);
            if (entry.remove("waits") instanceof List<?> edges) {
                waits.addAll(edges);
            }
            section(all, look.subject.kind).add(entry);
        }
        return new Dump(new DumpLimits().of(all));
    }

    @SuppressWarnings("unchecked") // it is ours
    private static List<Object> section(Map<String, Object> all, String kind) {
        return (List<Object>) all.computeIfAbsent(kind, _ -> new ArrayList<>());
    }

    private static Map<String, Object> process() {
        Runtime runtime = Runtime.getRuntime();
        ProcessHandle self = ProcessHandle.current();
        Instant now = Instant.now();
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("pid", self.pid());
        process.put("at", now);
        self.info().startInstant().ifPresent(start -> process.put("upSeconds", Duration.between(start, now).toSeconds()));
        process.put("java", Runtime.version());
        process.put("processors", runtime.availableProcessors());
        process.put("heapUsed", runtime.totalMemory() - runtime.freeMemory());
        process.put("heapMax", runtime.maxMemory());
        process.put("tracing", Trace.ON);
        return process;
    }

    /// One look at a subject, which has begun.
    private static final class Look {
        private final Subject subject;
        private final FutureTask<Map<String, ?>> seen;
        private final @Nullable Future<? extends Map<String, ?>> told;

        Look(Subject subject) {
            this.subject = subject;
            this.told = ask(subject);
            this.seen = new FutureTask<>(() -> Scope.root().call(subject.seen::get));
            try {
                Thread.ofPlatform().daemon().name("thrum-dump").start(seen);
            } catch (Throwable noThread) { // the system has no more: a good reason to take a dump
                seen.run();
            }
        }

        private static @Nullable Future<? extends Map<String, ?>> ask(Subject subject) {
            try {
                var told = subject.told;
                return told == null ? null : Scope.root().call(told::get);
            } catch (Throwable problem) {
                return CompletableFuture.failedFuture(problem);
            }
        }

        Map<String, Object> entry(long deadline) {
            Map<String, Object> entry = new LinkedHashMap<>();
            boolean isSeen = add(entry, seen, deadline);
            if (!isSeen) {
                entry.put("problem", "it could not be seen in time");
            }
            if (told != null) {
                boolean answers = add(entry, told, deadline);
                entry.put("answers", answers);
                if (!answers) {
                    addWait(entry);
                }
            }
            return entry;
        }

        /// {@return whether it was there in time}
        private static boolean add(
                Map<String, Object> entry, Future<? extends Map<String, ?>> part, long deadline) {
            try {
                part.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS).forEach((key, value) -> {
                    if (!(entry.get(key) instanceof List<?> before && value instanceof List<?> more)) {
                        entry.put(key, value);
                    } else {
                        List<Object> both = new ArrayList<>(before);
                        both.addAll(more);
                        entry.put(key, both);
                    }
                });
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException e) {
                entry.put("problem", "telling threw " + e.getCause());
                return true;
            }
        }

        private void addWait(Map<String, Object> entry) {
            List<Object> waits = new ArrayList<>();
            if (entry.get("waits") instanceof List<?> others) {
                waits.addAll(others);
            }
            waits.add(Map.of(
                    "who", "all that belongs to " + entry.getOrDefault("name", "one of the " + subject.kind),
                    "for", entry.getOrDefault("doing", "what nobody knows")));
            entry.put("waits", waits);
        }
    }

    // ---- what it says

    /// {@return what was seen: under `process` the process, under `waits` who waits for whom, and under each kind a list of maps}
    /// Immutable, all the way down.
    public Map<String, Object> content() {
        return content;
    }

    /// {@return what was seen as a JSON text (RFC 8259), an object}
    public String toJson() {
        return DumpText.json(content);
    }

    /// {@return what was seen as a text for people}
    public String toText() {
        return DumpText.plain(content);
    }

    @Override
    public String toString() {
        return "dump of " + content.get("process");
    }
}
