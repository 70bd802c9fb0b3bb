package dev.thrum.plugins;

/// A content coding.
enum Coding {
    BROTLI("br", "br"),
    ZSTD("zstd", "zst"),
    GZIP("gzip", "gz"),
    DEFLATE("deflate", "zz");

    private final String token;
    private final String extension;

    Coding(String token, String extension) {
        this.token = token;
        this.extension = extension;
    }

    /// {@return its name in header fields}
    String token() {
        return token;
    }

    /// {@return what the name of a file in this coding ends with}
    String extension() {
        return extension;
    }
}
