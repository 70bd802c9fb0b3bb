package dev.thrum.examples.photos;

/// Tells that the program was called in a wrong way. Its message is one line for the user.
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
