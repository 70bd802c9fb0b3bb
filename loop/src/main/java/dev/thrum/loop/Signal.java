package dev.thrum.loop;

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
}
