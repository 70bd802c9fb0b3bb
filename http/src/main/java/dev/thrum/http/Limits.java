package dev.thrum.http;

/// How much one connection may ask of us. All are on by default; a client that goes beyond gets the status named here.
///
/// ```java
/// Limits limits = Limits.standard().withBody(10 << 20);
/// ```
///
/// **Threads.** Immutable.
/// @param requestLine bytes of the request line, without its line break: 414
/// @param headerBytes bytes of all header fields together, also of the trailers: 431
/// @param headerCount number of header fields, also of the trailers: 431
/// @param body bytes of a body that is held in memory ([Request#bytes], [Request#text]): 413
/// @param upload bytes of a body that is streamed ([Request#stream]): 413
/// @param pipelined requests of one connection that are in work at once; beyond, the connection is not read
/// @param bodyRate bytes of a body that have to come each second, on average since somebody waits for it, once that has been
///     for [Timeouts#body]: 408; and of an answer that have to be taken, within [Timeouts#write], unless all that waited is
public record Limits(
        int requestLine, int headerBytes, int headerCount, long body, long upload, int pipelined, int bodyRate) {
    private static final Limits STANDARD = new Limits(8 << 10, 16 << 10, 100, 2 << 20, 1L << 30, 64, 240);

    /// Limits of these values.
    /// @throws IllegalArgumentException if `requestLine` or `headerBytes` is not within 64..30,000, `headerCount` not
    ///     within 1..1,000, `body` not within 0..2,000,000,000, `upload` or `bodyRate` is negative, or `pipelined` not within 1..1,000
    public Limits {
        check("requestLine", requestLine, 64, 30_000);
        check("headerBytes", headerBytes, 64, 30_000);
        check("headerCount", headerCount, 1, 1_000);
        check("body", body, 0, 2_000_000_000);
        check("upload", upload, 0, Long.MAX_VALUE);
        check("pipelined", pipelined, 1, 1_000);
        check("bodyRate", bodyRate, 0, Integer.MAX_VALUE);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + ".." + most + ": " + value);
        }
    }

    /// {@return 8 KiB for the request line, 16 KiB and 100 for the header fields, 2 MiB for a body in memory, 1 GiB for a
    /// streamed one, 64 requests in work, 240 bytes of a body each second}
    public static Limits standard() {
        return STANDARD;
    }

    /// {@return these limits with another one for the request line}
    /// @param bytes 64..30,000
    public Limits withRequestLine(int bytes) {
        return new Limits(bytes, headerBytes, headerCount, body, upload, pipelined, bodyRate);
    }

    /// {@return these limits with others for the header fields}
    /// @param bytes 64..30,000, of all together
    /// @param count 1..1,000
    public Limits withHeaders(int bytes, int count) {
        return new Limits(requestLine, bytes, count, body, upload, pipelined, bodyRate);
    }

    /// {@return these limits with another one for bodies in memory}
    /// @param bytes 0..2,000,000,000
    public Limits withBody(long bytes) {
        return new Limits(requestLine, headerBytes, headerCount, bytes, upload, pipelined, bodyRate);
    }

    /// {@return these limits with another one for streamed bodies}
    /// @param bytes 0 or more
    public Limits withUpload(long bytes) {
        return new Limits(requestLine, headerBytes, headerCount, body, bytes, pipelined, bodyRate);
    }

    /// {@return these limits with another one for requests in work}
    /// @param requests 1..1,000
    public Limits withPipelined(int requests) {
        return new Limits(requestLine, headerBytes, headerCount, body, upload, requests, bodyRate);
    }

    /// {@return these limits with another one for the pace of bodies}
    /// @param bytesPerSecond 0 or more; 0 lets a body take its time, as long as it goes on
    public Limits withBodyRate(int bytesPerSecond) {
        return new Limits(requestLine, headerBytes, headerCount, body, upload, pipelined, bytesPerSecond);
    }
}
