package dev.thrum.plugins;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Sessions in the cookies of their clients, encrypted.
final class CookieSessions implements SessionStore {
    static final int MOST = 2_000; // characters, so that it fits a cookie when it is encrypted

    private static final String PURPOSE = "session";

    private final Secrets secrets;
    private final Duration idle;
    private final Duration age;

    CookieSessions(Secrets secrets, Duration idle, Duration age) {
        this.secrets = secrets;
        this.idle = idle;
        this.age = age;
    }

    @Override
    public Optional<Session> find(String cookie, Instant now) {
        return secrets.open(PURPOSE, cookie).map(CookieSessions::read).filter(session -> !isOver(session, now)).map(session -> {
            if (now.isAfter(session.seen().plus(idle.dividedBy(4)))) {
                session.seen(now);
                session.touch();
            }
            return session;
        });
    }

    private boolean isOver(Session session, Instant now) {
        return now.isAfter(session.seen().plus(idle)) || now.isAfter(session.made().plus(age));
    }

    @Override
    public Session create(Instant now) {
        return new Session("", now, Map.of(), true, MOST);
    }

    @Override
    public Optional<String> keep(Session session) {
        session.takeRotation(); // each has another nonce anyway
        return session.isNew() || session.isChanged()
                ? Optional.of(secrets.seal(PURPOSE, write(session)))
                : Optional.empty();
    }

    @Override
    public void forget(Session session) {
        // the client's cookie is all there is
    }

    private static byte[] write(Session session) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(session.made().toEpochMilli());
            out.writeLong(session.seen().toEpochMilli());
            Map<String, String> values = new HashMap<>(session.values());
            out.writeShort(values.size());
            for (Map.Entry<String, String> entry : values.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static Session read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Instant made = Instant.ofEpochMilli(in.readLong());
            Instant seen = Instant.ofEpochMilli(in.readLong());
            Map<String, String> values = new HashMap<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                values.put(in.readUTF(), in.readUTF());
            }
            Session session = new Session("", made, values, false, MOST);
            session.seen(seen);
            return session;
        } catch (IOException ours) {
            throw new UncheckedIOException(ours); // it was we who have written it
        }
    }
}
