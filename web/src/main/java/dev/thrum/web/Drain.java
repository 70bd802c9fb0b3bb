package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How a server comes to its end, and how long each step of it may take: [Server#close(Drain)].
///
/// ```java
/// server.close(Drain.standard().withNotice(Duration.ofSeconds(5)).withGrace(Duration.ofSeconds(30)));
/// ```
///
/// 1. *Notice*: it says that it is not ready ([Health], [Server#life]), and goes on as before, so that whoever sends it
///    requests can look elsewhere.
/// 2. It accepts what waits in the backlog, and then nothing more.
/// 3. *Grace*: every connection ends with its next answer, which says so (`Connection: close`), or when it has been *quiet*. Requests
///    in work are finished, and so are those that still come. A line each second tells what is left.
/// 4. *Farewell*: what is still in work is cancelled, with all that was made under its scope; where no answer was started,
///    the client gets 503 and when to come again.
/// 5. Connections are cut and the loops end. Plugins hear of it; then come the phases of [WebApp#onStop], such as the end of a kernel.
///
/// A server that has nothing to wait for ends at once.
///
/// **Threads.** Immutable.
/// @param notice how long it goes on as before
/// @param quiet how long nothing has to have come on a connection without a request to be closed: a client that has just got an
///     answer may have sent its next request already
/// @param grace how long requests may take, from the end of the notice
/// @param farewell how long what is cancelled may take to clean up and answer
public record Drain(Duration notice, Duration quiet, Duration grace, Duration farewell) {
    private static final Duration MOST = Duration.ofDays(3_650);
    private static final Drain STANDARD =
            new Drain(Duration.ZERO, Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(1));

    /// Checks the components.
    /// @throws IllegalArgumentException if one is negative, or longer than 3,650 days
    public Drain {
        check("notice", notice);
        check("quiet", quiet);
        check("grace", grace);
        check("farewell", farewell);
    }

    private static void check(String name, Duration value) {
        requireNonNull(value, name);
        if (value.isNegative() || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(name + " must be 0 to 3,650 days: " + value);
        }
    }

    /// {@return no notice, connections that have been quiet for 250 ms, five seconds of grace, one second of farewell}
    public static Drain standard() {
        return STANDARD;
    }

    /// {@return one that waits for nothing: everything is cut off}
    public static Drain none() {
        return new Drain(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /// {@return this with another notice}
    /// @param notice how long to go on as before
    public Drain withNotice(Duration notice) {
        return new Drain(notice, quiet, grace, farewell);
    }

    /// {@return this with another silence that lets a connection be closed}
    /// @param quiet how long nothing has to have come
    public Drain withQuiet(Duration quiet) {
        return new Drain(notice, quiet, grace, farewell);
    }

    /// {@return this with another grace}
    /// @param grace how long requests may take
    public Drain withGrace(Duration grace) {
        return new Drain(notice, quiet, grace, farewell);
    }

    /// {@return this with another farewell}
    /// @param farewell how long what is cancelled may take
    public Drain withFarewell(Duration farewell) {
        return new Drain(notice, quiet, grace, farewell);
    }
}
