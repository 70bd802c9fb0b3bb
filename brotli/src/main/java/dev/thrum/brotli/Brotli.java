package dev.thrum.brotli;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import dev.thrum.plugins.Compression;
import dev.thrum.plugins.ContentCoding;
import java.lang.System.Logger.Level;

/// The coding `br` (RFC 7932), by the library brotli4j, which brings native code along.
///
/// ```java
/// app.install(Compression.standard().with(Brotli.standard()));
/// app.install(Brotli.addTo(Compression.standard()));            // goes on with gzip where there is no native code
/// ```
///
/// Texts become some 15 percent shorter than by `gzip`. What it holds outside of the heap goes with each answer and each request.
///
/// **Limits.** Those of [Compression], and one of its own: a request may ask for a window of 4 MiB at most, which is what unpacking
/// takes outside of the heap; beyond, 413.
/// **Threads.** As [ContentCoding] says. Immutable. Since it loads native code, the JDK warns, unless it runs with
/// `--enable-native-access=com.aayushatharva.brotli4j` (`ALL-UNNAMED` on the class path).
public final class Brotli implements ContentCoding {
    private static final int WINDOW_BITS = 19; // half a mebibyte for each answer in work

    private final Encoder.Parameters parameters;

    private Brotli(int quality) {
        parameters = Encoder.Parameters.create(quality, WINDOW_BITS);
    }

    /// {@return the coding, fast rather than thorough}
    /// @throws IllegalStateException if the native code cannot be loaded: there is none for this machine on the path, or the
    ///     directory for temporary files takes none
    public static Brotli standard() {
        if (!Brotli4jLoader.isAvailable()) {
            throw new IllegalStateException(
                    "br needs native code for " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + ", of an artifact like com.aayushatharva.brotli4j:native-linux-x86_64, and it cannot be loaded",
                    Brotli4jLoader.getUnavailabilityCause());
        }
        return new Brotli(4);
    }

    /// {@return `compression` with this coding, or as it is where the native code cannot be loaded, which the log tells}
    /// @param compression packs with its other codings meanwhile
    /// @throws IllegalArgumentException if it has this coding already
    public static Compression addTo(Compression compression) {
        Brotli brotli;
        try {
            brotli = standard();
        } catch (IllegalStateException absent) {
            System.getLogger(Brotli.class.getName()).log(Level.WARNING, "answers are packed without br", absent);
            return compression;
        }
        return compression.with(brotli);
    }

    /// {@return this with another balance}
    /// @param quality 0 is fast, 11 is thorough, and far too slow for answers that are made on demand
    /// @throws IllegalArgumentException if `quality` is not within 0..11
    public Brotli withQuality(int quality) {
        if (quality < 0 || quality > 11) {
            throw new IllegalArgumentException("quality must be 0..11: " + quality);
        }
        return new Brotli(quality);
    }

    @Override
    public String token() {
        return "br";
    }

    @Override
    public Packing packing() {
        return new BrotliPacking(parameters);
    }

    @Override
    public Unpacking unpacking() {
        return new BrotliUnpacking();
    }
}
