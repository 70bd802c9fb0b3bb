package dev.thrum.examples.photos;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The formats of pictures that are taken.
enum Format {
    JPEG("image/jpeg", "jpg", "\u00ff\u00d8\u00ff"),
    PNG("image/png", "png", "\u0089PNG\r\n\u001a\n");

    private final String contentType;
    private final String extension;
    private final String signature; // a byte in each character

    Format(String contentType, String extension, String signature) {
        this.contentType = contentType;
        this.extension = extension;
        this.signature = signature;
    }

    String contentType() {
        return contentType;
    }

    /// {@return the name of the file the original is kept in}
    String fileName() {
        return "original." + extension;
    }

    /// {@return the number of bytes that tell a picture of this format from others}
    int signatureLength() {
        return signature.length();
    }

    /// {@return whether `start` is how a picture of this format begins, as far as it goes}
    boolean isStart(ByteBuffer start) {
        int length = Math.min(start.remaining(), signature.length());
        return IntStream.range(0, length)
                .allMatch(i -> (start.get(start.position() + i) & 0xff) == signature.charAt(i));
    }

    /// {@return the format that a `Content-Type` names, if it is one of ours}
    /// @param contentType a media type, perhaps with parameters
    static Optional<Format> find(String contentType) {
        String type = contentType.split(";", 2)[0].strip();
        return Stream.of(values()).filter(format -> format.contentType.equalsIgnoreCase(type)).findFirst();
    }
}
