package dev.thrum.system;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// What a [FileWatch] has seen.
///
/// @param kind what has happened
/// @param path what it has happened to; that of the watch itself for `OVERFLOW` and `GONE`
public record Change(Kind kind, Path path) {

    /// What can happen.
    public enum Kind {
        /// It is there, and was not before: made, or moved here.
        CREATED,
        /// Its content, its permissions or its times are others; or another file has taken its place.
        MODIFIED,
        /// It is not there any more: deleted, or moved away.
        DELETED,
        /// More has happened than could be noted: look for yourself.
        OVERFLOW,
        /// The directory is not there any more, or cannot be read. This is the last change, and the watch is closed.
        GONE
    }

    /// Checks the components.
    public Change {
        requireNonNull(kind, "kind");
        requireNonNull(path, "path");
    }

    /// {@return what to tell of a path to which `first` and then `next` has happened}
    static Kind together(Kind first, Kind next) {
        if (first == Kind.CREATED && next == Kind.MODIFIED) {
            return Kind.CREATED;
        }
        return first == Kind.DELETED && next == Kind.CREATED ? Kind.MODIFIED : next;
    }
}
