package dev.thrum.tls;

/// Whether a server asks its clients for a certificate.
public enum ClientAuth {
    /// It does not ask.
    NONE,
    /// It asks; a client may have none, but not a bad one.
    WANTED,
    /// It asks, and refuses a client that has none.
    REQUIRED
}
