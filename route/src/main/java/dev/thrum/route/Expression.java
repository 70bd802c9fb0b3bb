package dev.thrum.route;

import dev.thrum.http.HttpException;
import dev.thrum.http.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A pattern that is written as a regular expression.
final class Expression implements PathPattern {
    /*
     * The JDK's matcher backtracks, so a hostile path can make an innocent expression take for ever (ReDoS). It reads its
     * text through a CharSequence: ours counts, and gives up. Deep recursion ends in a StackOverflowError, which harms
     * nothing here, since no state is left behind.
     */
    private static final String SPECIAL = "\\[](){}.^$*+?|";

    private final Pattern pattern;
    private final List<String> names;
    private final List<String> prefix;

    private Expression(Pattern pattern) {
        this.pattern = pattern;
        this.names = names(pattern);
        this.prefix = prefix(pattern.pattern(), pattern.flags());
    }

    static Expression of(String text) {
        try {
            return new Expression(Pattern.compile(text));
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException("a route must be a regular expression: \"" + text + "\": "
                    + wrong.getDescription() + " at " + wrong.getIndex(), wrong);
        }
    }

    private static List<String> names(Pattern pattern) {
        String[] names = new String[pattern.matcher("").groupCount()];
        Arrays.setAll(names, i -> Integer.toString(i + 1));
        for (Map.Entry<String, Integer> named : pattern.namedGroups().entrySet()) {
            names[named.getValue() - 1] = named.getKey();
        }
        return List.of(names);
    }

    /// {@return the whole segments that every path begins with}
    private static List<String> prefix(String text, int flags) {
        if (!text.startsWith("/") || flags != 0 || mayChoose(text)) {
            return List.of();
        }
        int end = 0;
        while (end < text.length() && SPECIAL.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        boolean lastIsSure = end == text.length() || "*?{".indexOf(text.charAt(end)) < 0;
        int slash = text.lastIndexOf('/', lastIsSure ? end - 1 : end - 2);
        return slash <= 0 ? List.of() : List.of(text.substring(1, slash).split("/"));
    }

    /// {@return whether there may be alternatives outside all groups: true when in doubt}
    private static boolean mayChoose(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '[', '\\' -> {
                    return text.indexOf('|') >= 0; // a bar, or a parenthesis, may stand for itself
                }
                case '|' -> {
                    if (depth == 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    List<String> prefix() {
        return prefix;
    }

    /// {@return what the groups stand for, or null if `path` does not match}
    /// @throws HttpException with status 400 if it takes too long to find out
    @Nullable Parameters match(String path) {
        try {
            Matcher matcher = pattern.matcher(new Measured(path));
            return matcher.matches() ? new Groups(names, values(matcher)) : null;
        } catch (TooCostly | StackOverflowError costly) {
            throw new HttpException(400, "the path takes too long to match");
        }
    }

    private static List<@Nullable String> values(Matcher matcher) {
        List<@Nullable String> values = new ArrayList<>(matcher.groupCount());
        for (int group = 1; group <= matcher.groupCount(); group++) {
            values.add(matcher.group(group));
        }
        return values;
    }

    private record Groups(List<String> names, List<@Nullable String> values) implements Parameters {
        @Override
        public Optional<String> get(String name) {
            int index = names.indexOf(name);
            return index < 0 ? Optional.empty() : Optional.ofNullable(values.get(index));
        }
    }

    private static final class TooCostly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooCostly() {
            super("too many steps", null, false, false);
        }
    }

    /// A text that can be read only so often.
    private static final class Measured implements CharSequence {
        private final String text;
        private long left;

        Measured(String text) {
            this.text = text;
            this.left = MOST_STEPS + 100L * text.length();
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooCostly();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public Expression ignoringCase() {
        return new Expression(
                Pattern.compile(pattern.pattern(), pattern.flags() | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    }

    @Override
    public boolean ignoresCase() {
        return (pattern.flags() & Pattern.CASE_INSENSITIVE) != 0;
    }

    @Override
    public List<String> names() {
        return names;
    }

    /// Two expressions are equal if they are written alike.
    @Override
    public boolean equals(Object other) {
        return other instanceof Expression expression
                && pattern.pattern().equals(expression.pattern.pattern())
                && pattern.flags() == expression.pattern.flags();
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    @Override
    public String toString() {
        return "~" + pattern.pattern();
    }
}
