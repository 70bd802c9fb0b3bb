package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What an application remembers of a client from one request to the next: texts by name. See [Sessions].
///
/// **Threads.** Any thread; requests of one client that are in work at once share it, if it is kept in memory.
public final class Session {
    private static final int MOST = 64 << 10; // characters of all names and values

    private final Map<String, String> values;
    private final Instant made;
    private volatile boolean isNew; // the client does not know of it
    private volatile boolean changed;
    private volatile boolean rotated;
    private volatile boolean ended;
    private volatile String id; // in memory only; empty elsewhere
    private volatile Instant seen;
    private final int most;

    Session(String id, Instant made, Map<String, String> values, boolean isNew, int most) {
        this.id = id;
        this.made = made;
        this.seen = made;
        this.values = new ConcurrentHashMap<>(values);
        this.isNew = isNew;
        this.most = Math.min(most, MOST);
    }

    /// {@return what is kept under a name}
    /// @param name the name
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(requireNonNull(name, "name")));
    }

    /// Keeps a text.
    /// @param name the name
    /// @param value the text
    /// @throws IllegalStateException if the session would become too large: 64 Ki characters in memory, 2,000 in a cookie; or if it
    ///     has ended
    public void put(String name, String value) {
        requireNonNull(name, "name");
        requireNonNull(value, "value");
        checkOpen();
        int others = values.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(name))
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (others + name.length() + value.length() > most) {
            throw new IllegalStateException("a session has " + most + " characters at most: "
                    + (others + name.length() + value.length()) + " with " + name);
        }
        values.put(name, value);
        changed = true;
    }

    /// Forgets a text.
    /// @param name the name
    public void remove(String name) {
        if (values.remove(requireNonNull(name, "name")) != null) {
            changed = true;
        }
    }

    /// Gives the session another name, and forgets the old one: to be called when a client logs in or gets more rights, so that
    /// nobody who has planted the old name takes part (session fixation).
    /// @throws IllegalStateException if the session has ended
    public void rotate() {
        checkOpen();
        rotated = true;
        changed = true;
    }

    /// Ends the session: everything is forgotten, and the client's cookie removed.
    public void end() {
        ended = true;
        values.clear();
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("the session has ended");
        }
    }

    // ---- for the plugin

    String id() {
        return id;
    }

    void id(String next) {
        id = next;
    }

    Instant made() {
        return made;
    }

    Instant seen() {
        return seen;
    }

    void seen(Instant now) {
        seen = now;
    }

    Map<String, String> values() {
        return values;
    }

    /// Has it kept again, with the time it was seen.
    void touch() {
        changed = true;
    }

    boolean isNew() {
        return isNew;
    }

    boolean isChanged() {
        return changed;
    }

    boolean isEnded() {
        return ended;
    }

    boolean takeRotation() {
        boolean wanted = rotated;
        rotated = false;
        return wanted;
    }

    void told() {
        isNew = false;
        changed = false;
    }

    /// {@return nothing that is secret}
    @Override
    public String toString() {
        return "session with " + values.keySet();
    }
}
