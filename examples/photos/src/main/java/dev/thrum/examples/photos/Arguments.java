package dev.thrum.examples.photos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The arguments of a program: `--name value`, each at most once.
final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    private Arguments() {}

    /// {@return the arguments}
    /// @param names the options there are
    /// @throws UsageException if there is any other, one twice, or one without a value
    static Arguments parse(String[] args, String... names) throws UsageException {
        Arguments arguments = new Arguments();
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            if (!option.startsWith("--") || !List.of(names).contains(option.substring(2))) {
                throw new UsageException("unknown option: " + option + " (there are --" + String.join(", --", names) + ")");
            }
            if (i + 1 == args.length) {
                throw new UsageException("a value must follow " + option);
            }
            if (arguments.values.put(option.substring(2), args[i + 1]) != null) {
                throw new UsageException(option + " must be given once");
            }
        }
        return arguments;
    }

    /// {@return the value of an option, if it was given}
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// {@return the value of an option, if it was given}
    /// @throws UsageException if it is no whole number from `least` to `most`
    OptionalInt number(String name, int least, int most) throws UsageException {
        String text = values.get(name);
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // told below, as a number that is out of range
        }
        throw new UsageException("--" + name + " must be " + least + ".." + most + ": " + text);
    }
}
