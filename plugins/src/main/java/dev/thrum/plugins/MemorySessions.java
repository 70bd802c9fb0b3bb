package dev.thrum.plugins;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Sessions in the memory of this process, so many at most: beyond, the one that was not seen for the longest time goes.
final class MemorySessions implements SessionStore {
    private final int capacity;
    private final Duration idle;
    private final Duration age;
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true); // guarded by itself

    MemorySessions(int capacity, Duration idle, Duration age) {
        this.capacity = capacity;
        this.idle = idle;
        this.age = age;
    }

    @Override
    public Optional<Session> find(String cookie, Instant now) {
        synchronized (sessions) {
            Session session = sessions.get(cookie);
            if (session == null) {
                return Optional.empty();
            }
            if (isOver(session, now)) {
                sessions.remove(cookie);
                session.end();
                return Optional.empty();
            }
            session.seen(now);
            return Optional.of(session);
        }
    }

    private boolean isOver(Session session, Instant now) {
        return session.isEnded() || now.isAfter(session.seen().plus(idle)) || now.isAfter(session.made().plus(age));
    }

    @Override
    public Session create(Instant now) {
        return new Session(Secrets.randomText(), now, Map.of(), true, Integer.MAX_VALUE);
    }

    @Override
    public Optional<String> keep(Session session) {
        synchronized (sessions) {
            if (session.isNew()) {
                sessions.put(session.id(), session);
                forgetOldest();
                session.takeRotation();
                return Optional.of(session.id());
            }
            if (session.takeRotation() && sessions.remove(session.id(), session)) { // else it has ended meanwhile
                session.id(Secrets.randomText());
                sessions.put(session.id(), session);
                return Optional.of(session.id());
            }
            return Optional.empty();
        }
    }

    private void forgetOldest() {
        if (sessions.size() > capacity) {
            sessions.remove(sessions.keySet().iterator().next());
        }
    }

    @Override
    public void forget(Session session) {
        synchronized (sessions) {
            sessions.remove(session.id());
        }
    }

    int size() {
        synchronized (sessions) {
            return sessions.size();
        }
    }
}
