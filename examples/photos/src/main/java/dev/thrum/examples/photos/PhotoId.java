package dev.thrum.examples.photos;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/// Names of photos: 48 bits of time, so that they sort by age, and 80 random bits, so that nobody guesses them. Written as
/// a ULID in lower case, which is safe in paths, in URLs and on every file system.
final class PhotoId {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int TIME = 10;
    private static final int RANDOM = 16;
    private static final Pattern FORM = Pattern.compile("[0-7][" + DIGITS + "]{25}");

    private final SecureRandom random = new SecureRandom();

    /// {@return a new name}
    /// @param millis now, since 1970
    String next(long millis) {
        StringBuilder id = new StringBuilder(TIME + RANDOM);
        for (int shift = 5 * (TIME - 1); shift >= 0; shift -= 5) {
            id.append(DIGITS.charAt((int) (millis >>> shift) & 31));
        }
        byte[] bytes = new byte[RANDOM];
        random.nextBytes(bytes);
        for (byte each : bytes) {
            id.append(DIGITS.charAt(each & 31));
        }
        return id.toString();
    }

    /// {@return whether `text` is the name of a photo, so that it may be a file name}
    static boolean isId(String text) {
        return FORM.matcher(text).matches();
    }

    /// {@return when `id` was made, in milliseconds since 1970}
    static long millis(String id) {
        long millis = 0;
        for (int i = 0; i < TIME; i++) {
            millis = millis << 5 | DIGITS.indexOf(id.charAt(i));
        }
        return millis;
    }
}
