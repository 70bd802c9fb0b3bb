package dev.thrum.verify.bench;

import java.util.Arrays;
import java.util.List;

/// The one entrance: `Bench PROGRAM [--option value]…`. Tables go to standard output, progress to standard error.
public final class Bench {

    private static final int USAGE = 64;

    private Bench() {}

    /// Runs one program.
    /// @param arguments its name and its options
    /// @throws Exception if a server or a tool fails
    public static void main(String[] arguments) throws Exception {
        List<String> words = Arrays.asList(arguments);
        try {
            if (words.isEmpty()) {
                throw new UsageException("which program? There are " + Program.names());
            }
            Program.named(words.getFirst()).run(words.subList(1, words.size()), System.out);
        } catch (UsageException usage) {
            System.err.println("bench: " + usage.getMessage());
            System.exit(USAGE);
        }
    }
}
