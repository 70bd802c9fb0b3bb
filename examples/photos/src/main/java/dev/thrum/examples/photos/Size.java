package dev.thrum.examples.photos;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The sizes of thumbnails.
enum Size {
    SMALL(160),
    MEDIUM(480),
    LARGE(1280);

    private final int pixels;

    Size(int pixels) {
        this.pixels = pixels;
    }

    /// {@return the length of the longer side; a smaller picture is not enlarged}
    int pixels() {
        return pixels;
    }

    /// {@return its name in paths and in JSON}
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// {@return the name of the file it is kept in}
    String fileName() {
        return label() + ".jpg";
    }

    static Optional<Size> find(String label) {
        return Stream.of(values()).filter(size -> size.label().equals(label)).findFirst();
    }
}
