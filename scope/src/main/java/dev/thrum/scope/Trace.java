package dev.thrum.scope;

import static java.util.stream.Collectors.joining;

/// Where things were made, for reports. A stack costs microseconds beside tasks of nanoseconds, so sites exist only
/// while tracing is on: with the system property `thrum.trace` set to `true`, as in tests and in development.
///
/// **Threads.** Any thread.
public final class Trace {
    /// Whether sites are recorded.
    public static final boolean ON = Boolean.getBoolean("thrum.trace");

    /// What a problem comes from, in a few words, such as `promise 'user' made at …`; bound in the scope that
    /// [Home#report] gets, and nowhere else.
    public static final Key<String> ORIGIN = Key.of("origin");

    private static final int DEPTH = 4;
    private static final StackWalker WALKER = StackWalker.getInstance();

    private Trace() {}

    /// {@return the first frames outside Thrum's rooms while tracing is on; without tracing, or where there are none, the
    /// class of `what`}
    /// @param what the callback or object whose maker is asked for; or its class
    public static String site(Object what) {
        return site(what, ON);
    }

    static String site(Object what, boolean on) {
        String frames = on ? outerFrames() : "";
        return frames.isEmpty() ? (what instanceof Class<?> type ? type : what.getClass()).getName() : frames;
    }

    /// {@return how a report goes on after "an error": where it comes from, and in which work it was, such as
    /// ` of a promise made at …, in GET /x`; empty if the scope says neither}
    /// @param scope the scope that came with the report
    public static String subject(Scope scope) {
        String origin = scope.get(ORIGIN).map(text -> " of " + text).orElse("");
        return origin + scope.work().map(name -> ", in " + name).orElse("");
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
        boolean machinery = className.startsWith("java.lang.ScopedValue")
                || className.startsWith("java.lang.ClassValue")
                || className.startsWith("jdk.internal.");
        return (ours && !test) || machinery;
    }
}
