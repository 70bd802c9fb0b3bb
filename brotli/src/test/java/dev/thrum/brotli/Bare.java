package dev.thrum.brotli;

import dev.thrum.plugins.Compression;

/// A program on a machine without the native code.
final class Bare {
    private Bare() {}

    public static void main(String... args) {
        try {
            Brotli.standard();
        } catch (IllegalStateException absent) {
            System.out.println(absent.getMessage());
            System.out.println(absent.getCause());
        }
        System.out.println(Brotli.addTo(Compression.standard()).codings());
    }
}
