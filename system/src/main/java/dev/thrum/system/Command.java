package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a child process is to run, and with what around it. There is no shell between: an argument is an argument, whatever
/// is in it.
///
/// ```java
/// Command.of("git", "log", "--oneline").withDirectory(checkout).with("LC_ALL", "C").withOutput(Stdio.PIPE);
/// ```
///
/// @param words the program and its arguments; a program without a slash is looked up on the `PATH` of this process
/// @param directory where it runs; empty means where this process does
/// @param environment its environment
/// @param input where its input comes from
/// @param output where its output goes
/// @param errors where its error output goes
public record Command(
        List<String> words,
        Optional<Path> directory,
        Environment environment,
        Stdio input,
        Stdio output,
        Stdio errors) {
    private static final Pattern ERROR_NUMBER = Pattern.compile("error[=:] ?([0-9]+)");

    /// The environment of a child process.
    ///
    /// @param inherited whether it begins with that of this process
    /// @param values what is set in it, by name
    public record Environment(boolean inherited, Map<String, String> values) {
        /// Copies the values.
        public Environment {
            values = Map.copyOf(values);
        }
    }

    /// Checks the components.
    /// @throws IllegalArgumentException if there is no program; if `MERGE` stands where it means nothing
    public Command {
        words = List.copyOf(words);
        requireNonNull(directory, "directory");
        requireNonNull(environment, "environment");
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a command must name a program: " + words);
        }
        if (requireNonNull(input, "input") == Stdio.MERGE || requireNonNull(output, "output") == Stdio.MERGE) {
            throw new IllegalArgumentException("only error output can be merged into another stream: " + words);
        }
        if (requireNonNull(errors, "errors") == Stdio.MERGE && output == Stdio.INHERIT) {
            errors = Stdio.INHERIT;
        }
    }

    /// {@return a command in the directory and the environment of this process, whose three streams are
    /// [ignored][Stdio#IGNORE]}
    /// @param program the program
    /// @param arguments its arguments
    public static Command of(String program, String... arguments) {
        var words = new ArrayList<String>(List.of(program));
        words.addAll(List.of(arguments));
        var environment = new Environment(true, Map.of());
        return new Command(words, Optional.empty(), environment, Stdio.IGNORE, Stdio.IGNORE, Stdio.IGNORE);
    }

    /// {@return this command in a directory}
    /// @param directory the directory
    public Command withDirectory(Path directory) {
        return new Command(words, Optional.of(directory), environment, input, output, errors);
    }

    /// {@return this command with one more variable in its environment}
    /// @param name the name of the variable
    /// @param value its value
    public Command with(String name, String value) {
        var values = new TreeMap<>(environment.values());
        values.put(name, value);
        return withEnvironment(new Environment(environment.inherited(), values));
    }

    /// {@return this command in an environment}
    /// @param environment all of it
    public Command withEnvironment(Environment environment) {
        return new Command(words, directory, environment, input, output, errors);
    }

    /// {@return this command with its input from elsewhere}
    /// @param input where it comes from
    public Command withInput(Stdio input) {
        return new Command(words, directory, environment, input, output, errors);
    }

    /// {@return this command with its output to elsewhere}
    /// @param output where it goes
    public Command withOutput(Stdio output) {
        return new Command(words, directory, environment, input, output, errors);
    }

    /// {@return this command with its error output to elsewhere}
    /// @param errors where it goes
    public Command withErrors(Stdio errors) {
        return new Command(words, directory, environment, input, output, errors);
    }

    // ---- starting it

    /// Blocks for some milliseconds.
    Process start() throws IOException {
        var builder = new ProcessBuilder(words);
        if (directory.isPresent()) {
            builder.directory(checked(directory.get()));
        }
        if (!environment.inherited()) {
            builder.environment().clear();
        }
        builder.environment().putAll(environment.values());
        builder.redirectErrorStream(errors == Stdio.MERGE);
        builder.redirectInput(input == Stdio.IGNORE ? Redirect.from(new File("/dev/null")) : redirect(input, true));
        builder.redirectOutput(redirect(output, false));
        builder.redirectError(redirect(errors, false));
        try {
            return builder.start();
        } catch (IOException e) {
            throw named(e);
        }
    }

    private static File checked(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString());
        }
        return directory.toFile();
    }

    private static Redirect redirect(Stdio stdio, boolean input) {
        return switch (stdio) {
            case Stdio.Plain.IGNORE -> Redirect.DISCARD;
            case Stdio.Plain.INHERIT -> Redirect.INHERIT;
            case Stdio.Plain.PIPE, Stdio.Plain.MERGE -> Redirect.PIPE;
            case Stdio.OfFile(Path path, boolean append) when input -> Redirect.from(path.toFile());
            case Stdio.OfFile(Path path, boolean append) when append -> Redirect.appendTo(path.toFile());
            case Stdio.OfFile(Path path, boolean append) -> Redirect.to(path.toFile());
        };
    }

    /// The JDK puts the number of the system's error into the text; a file of a redirection that cannot be opened is a
    /// `FileNotFoundException` that names it.
    private IOException named(IOException problem) {
        if (problem.getClass() != IOException.class) {
            return problem;
        }
        String program = words.getFirst();
        String text = String.valueOf(problem.getMessage());
        Matcher number = ERROR_NUMBER.matcher(text);
        FileSystemException named =
                switch (number.find() ? number.group(1) : "") {
                    case "2" -> new NoSuchFileException(program, null, "no such program");
                    case "13" -> new AccessDeniedException(program, null, "not allowed to run it");
                    default -> new FileSystemException(program, null, text);
                };
        named.initCause(problem);
        return named;
    }
}
