package dev.thrum.plugins;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Dates of header fields (RFC 9110 §5.6.7), to the second.
final class HttpDates {
    private static final DateTimeFormatter FORMAT = of("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final List<DateTimeFormatter> ALL =
            List.of(FORMAT, of("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"), of("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpDates() {}

    private static DateTimeFormatter of(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /// {@return the date; empty if it is none}
    static Optional<Instant> parse(String text) {
        for (DateTimeFormatter format : ALL) {
            try {
                return Optional.of(Instant.from(format.parse(text)));
            } catch (DateTimeException another) {
                // one of the three forms
            }
        }
        return Optional.empty();
    }

    static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
