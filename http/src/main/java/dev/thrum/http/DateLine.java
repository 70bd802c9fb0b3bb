package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;

/// The Date field (RFC 9110 §6.6.1), made once a second.
final class DateLine {
    private static final long DAY = 86_400; // seconds
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final InstantSource clock;
    private byte[] line = {};
    private long until; // by the loop's clock
    private boolean made;

    DateLine(InstantSource clock) {
        this.clock = clock;
    }

    /// {@return the line with its line break}
    /// @param now by the loop's clock, which is cheaper to read than that of the wall
    byte[] at(long now) {
        if (!made || now - until >= 0) {
            long millis = clock.millis();
            line = ("Date: " + format(Instant.ofEpochMilli(millis)) + "\r\n").getBytes(ISO_8859_1);
            until = now + (1_000 - millis % 1_000) * 1_000_000;
            made = true;
        }
        return line;
    }

    // By hand, since the first use of a DateTimeFormatter costs a server 20 ms of its start, and that of a DayOfWeek, or of
    // whatever else belongs to a calendar, half of it.
    static String format(Instant instant) {
        long seconds = instant.getEpochSecond();
        long day = Math.floorDiv(seconds, DAY);
        int second = (int) Math.floorMod(seconds, DAY);
        LocalDate date = LocalDate.ofEpochDay(day);
        var text = new StringBuilder(29);
        text.append(part(DAYS, 1 + (int) Math.floorMod(day + 3, 7L))).append(", "); // the first day was a Thursday
        twoDigits(text, date.getDayOfMonth()).append(' ');
        text.append(part(MONTHS, date.getMonthValue())).append(' ').append(date.getYear()).append(' ');
        twoDigits(text, second / 3_600).append(':');
        twoDigits(text, second / 60 % 60).append(':');
        return twoDigits(text, second % 60).append(" GMT").toString();
    }

    private static String part(String names, int number) {
        return names.substring(3 * number - 3, 3 * number);
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
