package dev.thrum.loop;

import java.util.OptionalLong;

/// A loop that its caller turns, by the caller's clock: for tests, and for embedding in a loop of somebody else.
///
/// ```java
/// long[] now = {0};
/// try (ManualLoop loop = EventLoop.manual(() -> now[0])) {
///     loop.after(Duration.ofHours(1), () -> IO.println("an hour has passed"));
///     now[0] += Duration.ofHours(1).toNanos();
///     loop.turn();
/// }
/// ```
///
/// It belongs to the thread that made it, inside and outside a turn. It never waits. It lives until it is closed, whether
/// or not anything keeps it busy.
///
/// **Threads.** What another loop allows from any thread may be called from any thread; all else, and every method here,
/// belongs to the thread that made this loop.
public sealed interface ManualLoop extends EventLoop, AutoCloseable permits TurnedLoop {

    /// Turns the loop once: ready channels, due timers, posted work, the end of the turn. It does not wait. If
    /// [#exit] was called, the loop is closed at the end of the turn.
    /// @return whether any callback ran
    /// @throws IllegalStateException if called from within a turn of this loop, or after its end
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    boolean turn();

    /// Runs `action` now, as if it were a callback of this loop: under its scope, with its error route.
    /// @param action what to run
    /// @throws IllegalStateException if this loop has ended
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    void runHere(Runnable action);

    /// {@return by which time the loop is to be turned again, by its clock; empty if it waits for no timer} It is now or
    /// earlier when something is due at once.
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    OptionalLong nextDue();

    /// {@return how many callbacks wait: timers, referenced or not, and posted work}
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    int pending();

    /// {@return whether a handle, a hold or posted work would keep a loop of [EventLoop#run] alive}
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    boolean isAlive();

    /// {@return whether this loop has ended, by [#exit] or [#close]}
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    boolean isEnded();

    /// Ends the loop as [#exit] does, at once: exit callbacks, then the handles. Closing twice does nothing.
    /// @throws IllegalStateException if called from within a turn of this loop
    /// @throws WrongThreadException if called from another thread than the one that made this loop
    @Override
    void close();
}
