package dev.thrum.verify.bench.server;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/// The `Date` field for peers that write none themselves; a peer renews it once a second, as such programs do.
final class HttpDate {

    private HttpDate() {}

    static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }
}
