package dev.thrum.plugins;

import java.time.Instant;
import java.util.Optional;

/// Where sessions are between two requests.
interface SessionStore {

    /// {@return the session that a cookie stands for; empty if there is none}
    Optional<Session> find(String cookie, Instant now);

    /// {@return a new one, which nobody knows of}
    Session create(Instant now);

    /// Brings a session to where it stays.
    /// @return what the client has to send to find it again; empty if that is the same as before
    Optional<String> keep(Session session);

    /// Forgets one.
    void forget(Session session);
}
