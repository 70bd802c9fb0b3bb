package dev.thrum.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a pattern wants between two slashes.
sealed interface Segment {

    /// Exactly this.
    record Text(String text) implements Segment {

        // By hand: see Template.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Text same && text.equals(same.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /// Something of a type, handed out under a name.
    record Parameter(String name, Type type) implements Segment {}

    /// The types of parameters, the narrowest first: that is the order in which they are tried.
    enum Type {
        INT("int", '1') {
            @Override
            boolean accepts(String path, int from, int end) {
                return isNumber(path, from, end, Integer.MIN_VALUE, Integer.MAX_VALUE);
            }
        },
        LONG("long", '2') {
            @Override
            boolean accepts(String path, int from, int end) {
                return isNumber(path, from, end, Long.MIN_VALUE, Long.MAX_VALUE);
            }
        },
        UUID("uuid", '3') {
            @Override
            boolean accepts(String path, int from, int end) {
                return end - from == 36 && isUuid(path, from);
            }
        },
        ANY("text", '4') {
            @Override
            boolean accepts(String path, int from, int end) {
                return from < end;
            }
        },
        PATH("path", '5') {
            @Override
            boolean accepts(String path, int from, int end) {
                return from < end;
            }
        };

        private static final List<Type> ALL = List.of(values());

        private final String label;
        private final char rank;

        Type(String label, char rank) {
            this.label = label;
            this.rank = rank;
        }

        /// {@return all of them, without a copy}
        static List<Type> all() {
            return ALL;
        }

        /// {@return its place in the order of trying; text has '0'}
        char rank() {
            return rank;
        }

        /// {@return its name in patterns}
        String label() {
            return label;
        }

        /// {@return whether everything of the type `other` is of this type, too}
        boolean covers(Type other) {
            return this == other || (this == LONG && other == INT) || (this == ANY && other != PATH);
        }

        /// {@return whether the segment from `from` to `end` (for a path: all that is left) is of this type}
        abstract boolean accepts(String path, int from, int end);

        private static boolean isNumber(String path, int from, int end, long least, long most) {
            boolean negative = path.startsWith("-", from);
            int first = negative ? from + 1 : from;
            long value = 0; // counted downwards: there is one negative number more
            for (int i = first; i < end; i++) {
                int digit = path.charAt(i) - '0';
                if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                    return false;
                }
                value = 10 * value - digit;
            }
            return first < end && value >= (negative ? least : -most);
        }

        private static boolean isUuid(String path, int from) {
            for (int i = 0; i < 36; i++) {
                boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
                char character = path.charAt(from + i);
                if (dash ? character != '-' : Character.digit(character, 16) < 0 || character > 'f') {
                    return false;
                }
            }
            return true;
        }
    }
}
