package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// Where a stream of a child process comes from, or goes to.
public sealed interface Stdio {

    /// No input; output goes nowhere.
    Stdio IGNORE = Plain.IGNORE;

    /// The stream of this process.
    Stdio INHERIT = Plain.INHERIT;

    /// A pipe to this process: [Child#input], [Child#output], [Child#errors].
    Stdio PIPE = Plain.PIPE;

    /// For error output only: where the output goes.
    Stdio MERGE = Plain.MERGE;

    /// {@return a file: input is read from it, output overwrites it, or makes it}
    /// @param path the file
    static Stdio file(Path path) {
        return new OfFile(path, false);
    }

    /// {@return a file that output is added to}
    /// @param path the file
    static Stdio append(Path path) {
        return new OfFile(path, true);
    }

    /// The ones that need nothing to be said.
    enum Plain implements Stdio {
        /// See [Stdio#IGNORE].
        IGNORE,
        /// See [Stdio#INHERIT].
        INHERIT,
        /// See [Stdio#PIPE].
        PIPE,
        /// See [Stdio#MERGE].
        MERGE
    }

    /// See [Stdio#file] and [Stdio#append].
    ///
    /// @param path the file
    /// @param append whether output is added to it
    record OfFile(Path path, boolean append) implements Stdio {
        /// Checks the components.
        public OfFile {
            requireNonNull(path, "path");
        }
    }
}
