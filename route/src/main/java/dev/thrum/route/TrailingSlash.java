package dev.thrum.route;

/// What becomes of a path that no route matches, when one would with a slash more, or less, at the end.
public enum TrailingSlash {
    /// Nothing: `/a` and `/a/` are different paths. The default, since whoever guards the one may forget the other.
    DIFFERENT,

    /// The route answers both.
    SAME,

    /// The client is sent to the other path: [Routes.Moved].
    REDIRECT
}
