package dev.thrum.scope;

import static java.util.stream.Collectors.joining;

/// Where things were made, for reports. A stack costs microseconds beside tasks of nanoseconds, so sites exist only
/// while tracing is on: with the system property `thrum.trace` set to `true`, as in tests and in development.
///
/// **Threads.** Any thread.
public final class Trace {
    /// Whether sites are recorded.
    public static final boolean ON = Boolean.getBoolean("thrum.trace");

    private static final int DEPTH = 4;
    private static final StackWalker WALKER = StackWalker.getInstance();

    private Trace() {}

    /// {@return the first frames outside Thrum's rooms while tracing is on; without tracing, or where there are none, the
    /// class of `what`}
    /// @param what the callback or object whose maker is asked for
    public static String site(Object what) {
        return site(what, ON);
    }

    static String site(Object what, boolean on) {
        String frames = on ? outerFrames() : "";
        return frames.isEmpty() ? what.getClass().getName() : frames;
    }

    private static String outerFrames() {
        return WALKER.walk(frames -> frames.filter(frame -> !isInside(frame.getClassName()))
                .limit(DEPTH)
                .map(StackWalker.StackFrame::toString)
                .collect(joining(" < ")));
    }

    private static boolean isInside(String className) {
        boolean ours = className.startsWith("dev.thrum.") && !className.startsWith("dev.thrum.examples.");
        int nested = className.indexOf('$');
        boolean test = (nested < 0 ? className : className.substring(0, nested)).endsWith("Test");
        boolean machinery = className.startsWith("java.lang.ScopedValue") || className.startsWith("jdk.internal.");
        return (ours && !test) || machinery;
    }
}
