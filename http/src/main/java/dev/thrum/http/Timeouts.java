package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How long one connection may keep us waiting. All are on by default. They are looked at about once a second, so each
/// may take up to a second longer.
///
/// **Threads.** Immutable.
/// @param head for the whole head of a request, from its first byte: 408
/// @param body between two pieces of a body that somebody waits for: 408
/// @param idle between an answer and the next request: the connection is closed
/// @param write without any progress, or slower than [Limits#bodyRate], while there is something to send: the connection is aborted
/// @param response from the head of a request to the start of its answer: 500, and the scope is cancelled
/// @param linger for the client to see a last answer and close
public record Timeouts(
        Duration head, Duration body, Duration idle, Duration write, Duration response, Duration linger) {
    private static final Timeouts STANDARD =
            new Timeouts(seconds(10), seconds(30), seconds(75), seconds(30), seconds(60), seconds(3));

    /// Timeouts of these values.
    /// @throws IllegalArgumentException if one is not within a millisecond and 3,650 days
    public Timeouts {
        check("head", head);
        check("body", body);
        check("idle", idle);
        check("write", write);
        check("response", response);
        check("linger", linger);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static void check(String name, Duration value) {
        requireNonNull(value, name);
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(3_650)) > 0) {
            throw new IllegalArgumentException(name + " must be a millisecond to 3,650 days: " + value);
        }
    }

    /// {@return 10 s for a head, 30 s for a body to go on, 75 s idle, 30 s for a stalled write, 60 s for the response, 3 s
    /// to linger}
    public static Timeouts standard() {
        return STANDARD;
    }

    /// {@return these timeouts with another one for the head of a request}
    /// @param head a millisecond to 3,650 days
    public Timeouts withHead(Duration head) {
        return new Timeouts(head, body, idle, write, response, linger);
    }

    /// {@return these timeouts with another one for a body to go on}
    /// @param body a millisecond to 3,650 days
    public Timeouts withBody(Duration body) {
        return new Timeouts(head, body, idle, write, response, linger);
    }

    /// {@return these timeouts with another one for an idle connection}
    /// @param idle a millisecond to 3,650 days
    public Timeouts withIdle(Duration idle) {
        return new Timeouts(head, body, idle, write, response, linger);
    }

    /// {@return these timeouts with another one for a stalled write}
    /// @param write a millisecond to 3,650 days
    public Timeouts withWrite(Duration write) {
        return new Timeouts(head, body, idle, write, response, linger);
    }

    /// {@return these timeouts with another one for the start of the answer}
    /// @param response a millisecond to 3,650 days
    public Timeouts withResponse(Duration response) {
        return new Timeouts(head, body, idle, write, response, linger);
    }

    /// {@return these timeouts with another one for the client to close}
    /// @param linger a millisecond to 3,650 days
    public Timeouts withLinger(Duration linger) {
        return new Timeouts(head, body, idle, write, response, linger);
    }
}
