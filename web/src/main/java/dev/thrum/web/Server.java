package dev.thrum.web;

import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A running application: an immutable snapshot of a [WebApp], answering on its listeners until it is closed.
///
/// **Threads.** Any thread but those of its own loops.
public sealed interface Server extends AutoCloseable permits RunningServer {

    /// {@return the server whose request is in work here: in handlers, in hooks, and in the tasks that they submit} The current
    /// application of Wookie's `*state*`.
    static Optional<Server> current() {
        return Scope.current().get(RunningServer.CURRENT);
    }

    /// {@return the name of the application}
    String name();

    /// {@return the ports it listens on, in the order of the listeners; where port 0 was asked for, the one it became}
    List<Integer> ports();

    /// {@return whether it is still running}
    boolean isRunning();

    /// {@return how many connections were closed at once, since there were too many: [Admission]}
    long turnedAway();

    /// Stops accepting, closes idle connections, lets the requests in work finish for at most `grace`, then ends the
    /// loops. Blocks until they have ended. Closing twice is harmless.
    /// @param grace how long requests may take to finish; zero cuts them off
    /// @throws IllegalArgumentException if `grace` is negative
    /// @throws WrongThreadException if called from one of its own loops, which would wait for itself
    void close(Duration grace);

    /// Closes with a grace of five seconds.
    @Override
    void close();

    /// Waits until somebody closes it.
    /// @throws InterruptedException if the caller is interrupted while it waits
    /// @throws WrongThreadException if called from one of its own loops
    void join() throws InterruptedException;
}
