package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.scope.Key;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Sessions: what an application remembers of a client from one request to the next. (Wookie's plugin `session` said "build me!")
///
/// ```java
/// app.install(Sessions.inMemory())                    // or Sessions.inCookies(secrets)
///         .post("/login", (request, response) -> {
///             Session session = Sessions.of(request);
///             session.rotate();
///             session.put("user", "ada");
///             response.send("welcome");
///         });
/// ```
///
/// A session begins when a handler first keeps something in it; until then no cookie is sent. It is kept **in memory**, where it is
/// gone with the process, and the client has a random name for it; or **in cookies**, encrypted, where it may be read by all
/// processes that have the secrets, has 2,000 characters at most, and can be ended here, but not taken back from a client that
/// has copied its cookie. A name that a client brings along, and that is not ours, is never taken over.
///
/// Its cookie is called `__Host-session`: secure, for this host alone, unseen by scripts, not sent along by other sites.
///
/// **Limits.** It ends after 30 minutes without a request, and after 12 hours in any case. 100,000 in memory: beyond, the one that
/// was not seen for the longest time ends.
/// **Threads.** Any thread may use a [Session]. Nothing blocks.
public final class Sessions implements Plugin {
    private static final Key<Sessions> INSTALLED = Key.of("Sessions");
    private static final Key<Session> SESSION = Key.of("session");

    private final Config config;
    private final Optional<Secrets> secrets;
    private final InstantSource clock;
    private final SessionStore store;

    private record Config(boolean inMemory, Duration idle, Duration age, int most, boolean secure) {
        Config {
            if (idle.isNegative() || idle.isZero() || age.compareTo(idle) < 0) {
                throw new IllegalArgumentException(
                        "the idle time must be positive, and the age no less: " + idle + ", " + age);
            }
            if (most < 1) {
                throw new IllegalArgumentException("most must be 1 or more: " + most);
            }
        }
    }

    private Sessions(Config config, Optional<Secrets> secrets, InstantSource clock) {
        this.config = config;
        this.secrets = secrets;
        this.clock = clock;
        this.store = secrets.isPresent()
                ? new CookieSessions(secrets.get(), config.idle, config.age)
                : new MemorySessions(config.most, config.idle, config.age);
    }

    private static Config standard(boolean inMemory) {
        return new Config(inMemory, Duration.ofMinutes(30), Duration.ofHours(12), 100_000, true);
    }

    /// {@return the plugin, with sessions in the memory of this process}
    public static Sessions inMemory() {
        return new Sessions(standard(true), Optional.empty(), InstantSource.system());
    }

    /// {@return the plugin, with sessions in the cookies of the clients}
    /// @param secrets encrypt them
    public static Sessions inCookies(Secrets secrets) {
        return new Sessions(standard(false), Optional.of(secrets), InstantSource.system());
    }

    /// {@return this with other times}
    /// @param idle without a request, positive
    /// @param age in any case, no less than `idle`
    /// @throws IllegalArgumentException if one of the two is out of range
    public Sessions withTimes(Duration idle, Duration age) {
        requireNonNull(idle, "idle");
        requireNonNull(age, "age");
        return new Sessions(new Config(config.inMemory, idle, age, config.most, config.secure), secrets, clock);
    }

    /// {@return this with another limit for sessions in memory}
    /// @param most 1 or more
    /// @throws IllegalArgumentException if `most` is not positive
    public Sessions withMost(int most) {
        return new Sessions(
                new Config(config.inMemory, config.idle, config.age, most, config.secure), secrets, clock);
    }

    /// {@return this with a cookie that is sent over connections that anybody can read, called `session`} For trying things out.
    public Sessions insecure() {
        return new Sessions(
                new Config(config.inMemory, config.idle, config.age, config.most, false), secrets, clock);
    }

    Sessions withClock(InstantSource clock) {
        return new Sessions(config, secrets, clock);
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.bind(INSTALLED, this);
        app.on(Event.ResponseStarted.class, "sessions", event -> keep(event.request(), event.response()));
    }

    // ---- for handlers

    /// {@return the session of the client of a request; an empty one if it has none}
    /// @param request the request
    /// @throws IllegalStateException if the application has not installed this plugin
    public static Session of(Request request) {
        Sessions sessions = Installed.find(INSTALLED);
        return request.get(SESSION).orElseGet(() -> {
            Session session = sessions.find(request).orElseGet(() -> sessions.store.create(sessions.clock.instant()));
            request.put(SESSION, session);
            return session;
        });
    }

    private Optional<Session> find(Request request) {
        return Cookies.read(request).all(name()).stream()
                .limit(4) // more than one is somebody's trick
                .flatMap(cookie -> store.find(cookie, clock.instant()).stream())
                .findFirst();
    }

    private String name() {
        return config.secure ? "__Host-session" : "session";
    }

    private void keep(Request request, Response response) {
        Session session = request.get(SESSION).orElse(null);
        if (session == null) {
            return;
        }
        if (session.isEnded()) {
            store.forget(session);
            if (!session.isNew()) {
                Cookies.set(response, cookie("").removal());
            }
        } else if (!session.isNew() || session.isChanged()) {
            store.keep(session).ifPresent(value -> {
                session.told();
                Cookies.set(response, cookie(value));
                response.header("Cache-Control", response.header("Cache-Control").orElse("no-store"));
            });
        }
    }

    private Cookie cookie(String value) {
        Cookie cookie = Cookie.of(name(), value);
        return config.secure ? cookie : cookie.insecure();
    }
}
