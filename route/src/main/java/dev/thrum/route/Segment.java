package dev.thrum.route;

/// What a pattern wants between two slashes.
sealed interface Segment {

    /// Exactly this.
    record Text(String text) implements Segment {}

    /// Something of a type, handed out under a name.
    record Parameter(String name, Type type) implements Segment {}

    /// The types of parameters, the narrowest first: that is the order in which they are tried.
    enum Type {
        INT("int", '1') {
            @Override
            boolean accepts(String segment) {
                return isNumber(segment, Integer.MIN_VALUE, Integer.MAX_VALUE);
            }
        },
        LONG("long", '2') {
            @Override
            boolean accepts(String segment) {
                return isNumber(segment, Long.MIN_VALUE, Long.MAX_VALUE);
            }
        },
        UUID("uuid", '3') {
            @Override
            boolean accepts(String segment) {
                return isUuid(segment);
            }
        },
        ANY("text", '4') {
            @Override
            boolean accepts(String segment) {
                return !segment.isEmpty();
            }
        },
        PATH("path", '5') {
            @Override
            boolean accepts(String rest) {
                return !rest.isEmpty();
            }
        };

        private final String label;
        private final char rank;

        Type(String label, char rank) {
            this.label = label;
            this.rank = rank;
        }

        /// {@return its place in the order of trying; text has '0'}
        char rank() {
            return rank;
        }

        /// {@return its name in patterns}
        String label() {
            return label;
        }

        /// {@return whether a segment (for a path: all that is left) is of this type}
        abstract boolean accepts(String segment);

        private static boolean isNumber(String text, long least, long most) {
            int digits = text.startsWith("-") ? 1 : 0;
            if (text.length() == digits || text.length() > 20 || !text.chars().skip(digits).allMatch(Type::isDigit)) {
                return false;
            }
            try {
                long value = Long.parseLong(text);
                return least <= value && value <= most;
            } catch (NumberFormatException e) {
                return false; // beyond 64 bits
            }
        }

        private static boolean isDigit(int character) {
            return '0' <= character && character <= '9';
        }

        private static boolean isUuid(String text) {
            if (text.length() != 36) {
                return false;
            }
            for (int i = 0; i < 36; i++) {
                boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
                char character = text.charAt(i);
                if (dash ? character != '-' : Character.digit(character, 16) < 0 || character > 'f') {
                    return false;
                }
            }
            return true;
        }
    }
}
