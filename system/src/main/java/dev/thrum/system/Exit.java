package dev.thrum.system;

import java.util.OptionalInt;

/// How a child process has ended.
///
/// @param code what it returned; 128 and the number of the signal if one has ended it
public record Exit(int code) {
    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 64;

    /// {@return whether it returned 0}
    public boolean isSuccess() {
        return code == 0;
    }

    /// {@return the number of the signal that has ended it} A program that returns such a number by itself, as a shell does
    /// for its last command, cannot be told apart.
    public OptionalInt signal() {
        return code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL
                ? OptionalInt.of(code - SIGNALLED)
                : OptionalInt.empty();
    }
}
