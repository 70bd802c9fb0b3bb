package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// By what the [Watchdog] sees that a loop lives, and what it makes of it.
final class Pulse {
    /*
     * The loop counts its turns in `beat`: it is odd from the return of a wait to the next wait, and even while the loop
     * waits. So a beat that is odd, and the same at two looks, means that one turn has run all the time between them. The
     * loop pays a plain write for a turn, and no look at the clock: time is the watchdog's. A loop that nobody watches pays
     * for the question whether it is watched.
     *
     * `running` and `scope` say what the turn does. They are written when they change, and read only when the loop has been
     * stuck for milliseconds; an opaque write is seen by then. They may be one callback late, like the stack beside them.
     */
    private static final int LOOKS = 4; // in the time of the patience, while all is well
    private static final int CLOSE_LOOKS = 20; // while a turn lasts
    private static final long LEAST_PAUSE = 1_000_000; // nanoseconds
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    private static final VarHandle BEAT;
    private static final VarHandle RUNNING;
    private static final VarHandle SCOPE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BEAT = lookup.findVarHandle(Pulse.class, "beat", long.class);
            RUNNING = lookup.findVarHandle(Pulse.class, "running", Object.class);
            SCOPE = lookup.findVarHandle(Pulse.class, "scope", Scope.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Where the thread was found.
    private static final class Place {
        int looks;
        StackTraceElement[] stack = {};
    }

    private final String loop;
    private final long patience; // nanoseconds; 0 means endless
    private @Nullable Thread thread; // written before the watchdog knows this
    private long beat; // opaque; loop thread only
    private Object running = "its start"; // opaque; loop thread only

    @SuppressWarnings("UnusedVariable") // read by its handle
    private @Nullable Scope scope; // opaque; loop thread only

    private final AtomicLong blocked = new AtomicLong(); // turns; the watchdog's thread

    // the watchdog's thread only
    private long seen;
    private long time;
    private long nextReport;
    private int looks;
    private String callback = ""; // when it was last reported
    private Optional<String> work = Optional.empty(); // likewise
    private final Map<String, Place> places = new HashMap<>();

    Pulse(LoopConfig config) {
        this.loop = config.name();
        this.patience = TimeUnit.NANOSECONDS.convert(config.patience());
    }

    // ---- the loop's thread

    /// The loop begins to run on `owner`.
    void start(Thread owner) {
        thread = owner;
    }

    boolean isWatched() {
        return patience > 0;
    }

    /// A turn begins.
    void beat() {
        if (patience > 0) {
            BEAT.setOpaque(this, (beat | 1) + 2);
        }
    }

    /// The loop is about to wait.
    void rest() {
        if (patience > 0) {
            BEAT.setOpaque(this, (beat + 1) & ~1L);
        }
    }

    boolean rests() {
        return ((long) BEAT.getOpaque(this) & 1) == 0;
    }

    /// @param callback what runs from now on: its `toString` names it, on another thread
    void runs(Object callback) {
        if (running != callback && patience > 0) {
            RUNNING.setOpaque(this, callback);
        }
    }

    void entered(Scope now) {
        if (patience > 0) {
            SCOPE.setOpaque(this, now);
        }
    }

    // ---- the watchdog's thread; the count, and the names: any

    long blocked() {
        return blocked.get();
    }

    /// {@return how many nanoseconds until the next look}
    long pause() {
        return Math.max(LEAST_PAUSE, patience / (time > 0 ? CLOSE_LOOKS : LOOKS));
    }

    /// Looks whether the loop is where it was.
    /// @param passed the time since the last look
    /// @return a report, if there is one to make
    @Nullable BlockedTurn look(long passed) {
        long now = (long) BEAT.getOpaque(this);
        if (now != seen || (now & 1) == 0) {
            BlockedTurn last = nextReport > patience ? report(true) : null; // one that was reported
            seen = now;
            time = 0;
            looks = 0;
            nextReport = patience;
            places.clear();
            return last;
        }
        time += passed;
        sample(requireNonNull(thread).getStackTrace());
        if (time < nextReport || looks == 0) {
            return null;
        }
        if (nextReport == patience) {
            blocked.incrementAndGet();
        }
        nextReport = 2 * time;
        callback = nameOfCallback();
        work = nameOfWork();
        return report(false);
    }

    private void sample(StackTraceElement[] stack) {
        if (stack.length > 0 && (long) BEAT.getOpaque(this) == seen) {
            looks++;
            Place place = places.computeIfAbsent(placeOf(stack), name -> new Place());
            place.looks++;
            place.stack = stack;
        }
    }

    /// {@return the innermost frame outside the JDK: what its user can change}
    private static String placeOf(StackTraceElement[] stack) {
        StackTraceElement blamed = stack[0];
        for (StackTraceElement frame : stack) {
            if (!isOfTheJdk(frame.getClassName())) {
                blamed = frame;
                break;
            }
        }
        String type = blamed.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + blamed.getMethodName() + ":" + blamed.getLineNumber();
    }

    private static boolean isOfTheJdk(String type) {
        for (String start : JDK) {
            if (type.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    private BlockedTurn report(boolean isOver) {
        Map.Entry<String, Place> most = places.entrySet().stream()
                .max(Map.Entry.comparingByValue((a, b) -> Integer.compare(a.looks, b.looks)))
                .orElseThrow();
        Place place = most.getValue();
        return new BlockedTurn(
                loop,
                Duration.ofNanos(time),
                most.getKey(),
                100 * place.looks / looks,
                callback,
                work,
                List.of(place.stack),
                isOver);
    }

    /// {@return what runs, or did a moment ago}
    String nameOfCallback() {
        try {
            return RUNNING.getOpaque(this).toString();
        } catch (RuntimeException | Error problem) {
            return "a callback whose name throws " + problem.getClass().getName();
        }
    }

    /// {@return the work it belongs to}
    Optional<String> nameOfWork() {
        try {
            return Optional.ofNullable((Scope) SCOPE.getOpaque(this))
                    .flatMap(now -> now.get(Scope.WORK))
                    .map(Supplier::get);
        } catch (RuntimeException | Error problem) {
            return Optional.of("work whose name throws " + problem.getClass().getName());
        }
    }
}
