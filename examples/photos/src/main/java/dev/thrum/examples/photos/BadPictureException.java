package dev.thrum.examples.photos;

/// Tells that what was sent cannot be shown. Its message is for the client.
final class BadPictureException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPictureException(String message) {
        super(message);
    }

    BadPictureException(String message, Throwable cause) {
        super(message, cause);
    }
}
