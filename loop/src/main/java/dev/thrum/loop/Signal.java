package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;

/// A signal of the operating system that a loop may wait for: see [EventLoop#onSignal].
///
/// The first handler of a signal, on whatever loop, takes it from the JVM; when the last is closed the former behaviour is
/// back. So a program with an open handler of [#INT] is not ended by ctrl-C. QUIT, KILL, STOP and those that tell of faults
/// cannot be had. HotSpot suspends threads by [#USR2] for its flight recorder: do not record while a handler of that is open.
/// A signal that the process was started to ignore, as `nohup` does, stays ignored.
public enum Signal {
    /// Interrupt: ctrl-C in a terminal.
    INT,
    /// A polite request to end.
    TERM,
    /// The terminal is gone; to a server: read the configuration again.
    HUP,
    /// For the program's own use.
    USR1,
    /// For the program's own use.
    USR2,
    /// The terminal has another size.
    WINCH;

    /// Runs `action` whenever the process gets this signal, even if every loop is stuck: for what looks after loops.
    /// @param action runs on a new thread of the JVM, under the scope of the caller, at the root home; may block. What it throws is
    ///     reported there
    /// @return lets go of the signal; the last one that does so restores what was before
    /// @throws IllegalStateException if the system or the JVM keeps the signal for itself
    public Registration onRaised(Runnable action) {
        requireNonNull(action, "action");
        Scope scope = Scope.current().at(Home.root());
        Runnable handler = () -> {
            try {
                scope.run(action);
            } catch (Throwable problem) {
                Home.root().report(problem, scope);
            }
        };
        SignalLine.of(this).add(handler);
        return () -> SignalLine.of(this).remove(handler);
    }
}
