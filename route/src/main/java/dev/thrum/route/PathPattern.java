package dev.thrum.route;

import java.util.List;

/// A set of paths: written as a path with parameters, or as a regular expression.
///
/// ```
/// /                     that path
/// /photos/{id}          one segment, any text
/// /fib/{n:int}          one segment, a 32-bit number
/// /orders/{n:long}      one segment, a 64-bit number
/// /users/{id:uuid}      one segment, a UUID
/// /files/{rest:path}    all segments from here on, at least one
/// ```
///
/// Text is compared to the decoded path, case-sensitively unless [#ignoringCase] says otherwise. A segment that is not of
/// the parameter's type does not match, so that another route may. `/a` and `/a/` are different paths; [TrailingSlash]
/// tells what becomes of the other.
///
/// A [regular expression][#regex] is matched against the whole decoded path, without the query. Its groups are the
/// parameters.
///
/// **Threads.** Immutable.
public sealed interface PathPattern permits Template, Expression {

    /// {@return the pattern that `text` describes}
    /// @param text a path with parameters
    /// @throws IllegalArgumentException if `text` does not start with a slash, has an empty segment inside, `.` or `..`
    ///     as a segment, braces around something else than a whole segment, a name that is not a Java-like identifier or
    ///     stands twice, an unknown type, or a `path` parameter before the end
    static PathPattern of(String text) {
        return Template.of(text);
    }

    /// {@return the pattern of the paths that `text` matches as a whole} Its alternatives are grouped: `/a|/b` is `/a` or
    /// `/b`. What it costs is bounded: a path on which it takes more steps than [#MOST_STEPS], or more stack than there
    /// is, is answered 400, and no other route is asked (ReDoS).
    ///
    /// An expression that begins with text is only tried on paths that begin with the same segments, so many of them
    /// cost no more than one if they differ there.
    /// @param text a [java.util.regex.Pattern]; a group is a parameter by its name, or by its number from 1 on
    /// @throws IllegalArgumentException if `text` is not a regular expression
    static PathPattern regex(String text) {
        return Expression.of(text);
    }

    /// How many characters a regular expression may look at for one path; and a hundred more for each of its characters.
    int MOST_STEPS = 20_000;

    /// {@return this pattern without regard to the case of letters in its text}
    PathPattern ignoringCase();

    /// {@return whether the case of letters makes no difference}
    boolean ignoresCase();

    /// {@return the names of its parameters, in order}
    List<String> names();
}
