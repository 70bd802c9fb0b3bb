package dev.thrum.system;

import java.io.IOException;

/// There was more than the caller allowed: bytes of a file, lines of output, entries of a directory.
public final class LimitException extends IOException {
    private static final long serialVersionUID = 1;

    LimitException(String message) {
        super(message);
    }
}
