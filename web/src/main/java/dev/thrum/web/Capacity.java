package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How much a server works on at once. What comes beyond waits in a short line, and then is refused: 503, with a reason and
/// `Retry-After`, and counted: [Server#shed]. So it goes on to answer as many as it can, instead of all of them too late.
///
/// ```java
/// app.capacity(Capacity.standard().withRequests(500).withWaiting(100, Duration.ofMillis(200)));
/// ```
///
/// A request counts while its answer is not there when its handler has returned; what is answered at once takes no room. What
/// tells how the server is ([Health]) is never refused. [WebApp#refuseWhile] adds other reasons, such as a kernel with too much to do.
///
/// **Threads.** Immutable.
/// @param requests how many are in work at once, over all loops; each loop may exceed it by one
/// @param waiting how many wait in line for one of those to be answered
/// @param patience how long they wait
/// @param memory bytes of memory for what clients have not taken yet, and for bodies that are collected, over all loops, each of
///     which has an equal share. When half of its share is gone, a loop refuses requests; when all is gone, bodies that are
///     collected, and it cuts connections whose client does not take its answers
public record Capacity(int requests, int waiting, Duration patience, long memory) {
    private static final Capacity STANDARD = new Capacity(
            10_000, 1_000, Duration.ofSeconds(1), Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4));

    /// Checks the components.
    /// @throws IllegalArgumentException if `requests` is not positive, `waiting` is negative, `patience` not within a millisecond and an
    ///     hour, or `memory` less than 1 MiB
    public Capacity {
        requireNonNull(patience, "patience");
        check("requests", requests, 1);
        check("waiting", waiting, 0);
        check("memory", memory, 1 << 20);
        if (patience.compareTo(Duration.ofMillis(1)) < 0 || patience.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("patience must be a millisecond to an hour: " + patience);
        }
    }

    private static void check(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be " + least + " or more: " + value);
        }
    }

    /// {@return 10,000 requests in work, 1,000 in line for a second, and a quarter of the heap for buffers, 16 MiB at least}
    public static Capacity standard() {
        return STANDARD;
    }

    /// {@return this with another limit of requests in work}
    /// @param requests 1 or more
    public Capacity withRequests(int requests) {
        return new Capacity(requests, waiting, patience, memory);
    }

    /// {@return this with another line}
    /// @param waiting 0 or more
    /// @param patience a millisecond to an hour
    public Capacity withWaiting(int waiting, Duration patience) {
        return new Capacity(requests, waiting, patience, memory);
    }

    /// {@return this with another budget of memory}
    /// @param bytes 1 MiB or more
    public Capacity withMemory(long bytes) {
        return new Capacity(requests, waiting, patience, bytes);
    }
}
