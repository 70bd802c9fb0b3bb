package dev.thrum.verify.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The options of one program, `--name value`, each with a default.
/// @param values every option the program has
record Options(Map<String, String> values) {

    private static final Pattern COMMA = Pattern.compile(",");

    Options {
        values = Map.copyOf(values);
    }

    /// @param arguments what the user wrote
    /// @param defaults all options there are, with their defaults
    /// @throws UsageException if an option does not exist or has no value
    static Options parse(List<String> arguments, Map<String, String> defaults) {
        var values = new TreeMap<>(defaults);
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!name.startsWith("--") || !defaults.containsKey(name.substring(2))) {
                throw new UsageException("unknown option " + name + "; there are --"
                        + String.join(", --", new TreeMap<>(defaults).keySet()));
            }
            if (i + 1 == arguments.size()) {
                throw new UsageException("option " + name + " needs a value");
            }
            values.put(name.substring(2), arguments.get(i + 1));
        }
        return new Options(values);
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("this program has no option --" + name);
        }
        return value;
    }

    int number(String name, int least) {
        int value;
        try {
            value = Integer.parseInt(text(name));
        } catch (NumberFormatException notANumber) {
            throw new UsageException("--" + name + " must be a whole number: " + text(name), notANumber);
        }
        if (value < least) {
            throw new UsageException("--" + name + " must be at least " + least + ": " + value);
        }
        return value;
    }

    List<String> list(String name) {
        return COMMA.splitAsStream(text(name)).toList();
    }
}
