package dev.thrum.plugins;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Dates of header fields (RFC 9110 §5.6.7), to the second.
final class HttpDates {
    private static final DateTimeFormatter FORMAT = of("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final List<DateTimeFormatter> ALL = List.of(FORMAT, withTwoDigits(), of("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpDates() {}

    private static DateTimeFormatter of(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    /// {@return the form of RFC 850, where a year that would be more than 50 years ahead is the one a century before}
    private static DateTimeFormatter withTwoDigits() {
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US)
                .withZone(ZoneOffset.UTC);
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
