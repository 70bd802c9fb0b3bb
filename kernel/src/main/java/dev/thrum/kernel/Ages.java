package dev.thrum.kernel;

import java.time.Duration;

/// How long something took, for people.
final class Ages {
    private Ages() {}

    /// {@return the time in the two units that matter: `850 ms`, `11.2 s`, `3 min 20 s`, `2 h 5 min`, `4 d 1 h`}
    static String text(Duration age) {
        if (age.toSeconds() < 1) {
            return age.toMillis() + " ms";
        }
        if (age.toMinutes() < 1) {
            int tenths = age.toMillisPart() / 100;
            return age.toSeconds() + (tenths == 0 ? "" : "." + tenths) + " s";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min" + rest(age.toSecondsPart(), " s");
        }
        if (age.toDays() < 1) {
            return age.toHours() + " h" + rest(age.toMinutesPart(), " min");
        }
        return age.toDays() + " d" + rest(age.toHoursPart(), " h");
    }

    private static String rest(int count, String unit) {
        return count == 0 ? "" : " " + count + unit;
    }
}
