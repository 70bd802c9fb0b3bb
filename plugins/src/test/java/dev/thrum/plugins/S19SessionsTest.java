package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.WebApp;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions, in memory and in cookies: kept, fixed by nobody, ended (S19).
@Timeout(60)
@Tag("S19")
class S19SessionsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private Site site;

    private void start(Sessions sessions) {
        site = Site.of(WebApp.create()
                .install(sessions.insecure().withClock(now::get))
                .get("/read", (request, response) ->
                        response.send(Sessions.of(request).get("user").orElse("nobody")))
                .get("/login/{user}", (request, response) -> {
                    Session session = Sessions.of(request);
                    session.rotate();
                    session.put("user", request.path("user"));
                    response.send("welcome");
                })
                .get("/logout", (request, response) -> {
                    Sessions.of(request).end();
                    response.send("bye");
                })
                .get("/large", (request, response) -> {
                    Sessions.of(request).put("a", "x".repeat(70_000));
                    response.send("kept");
                }));
    }

    private void start(String kind) {
        start(kind.equals("memory") ? Sessions.inMemory() : Sessions.inCookies(Secrets.of(new byte[32])));
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private static String cookie(HttpResponse<?> answer) {
        return answer.headers().firstValue("Set-Cookie").map(text -> text.split(";", 2)[0]).orElse("");
    }

    private String login(String user, String... headers) throws Exception {
        return cookie(site.get("/login/" + user, headers));
    }

    private String read(String cookie) throws Exception {
        return site.get("/read", "Cookie", cookie).body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "cookies"})
    @Tag("PL-45")
    void aSessionLastsFromOneRequestToTheNext(String kind) throws Exception {
        start(kind);
        assertThat(site.get("/read").headers().map()).doesNotContainKey("set-cookie");
        var welcome = site.get("/login/ada");
        assertThat(welcome.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("session=")
                .contains("; HttpOnly; SameSite=Lax")
                .doesNotContain("ada");
        assertThat(welcome.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(read(cookie(welcome))).isEqualTo("ada");
        assertThat(read(login("eva"))).isEqualTo("eva");
        assertThat(read(cookie(welcome))).isEqualTo("ada");
        assertThat(site.get("/read", "Cookie", cookie(welcome)).headers().map()).doesNotContainKey("set-cookie");
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "cookies"})
    @Tag("PL-46")
    void aNameThatAClientBringsAlongIsNeverTakenOver(String kind) throws Exception {
        start(kind);
        String planted = "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assertThat(read(planted)).isEqualTo("nobody");
        assertThat(login("ada", "Cookie", planted)).isNotEqualTo(planted).startsWith("session=");
        assertThat(read(planted)).isEqualTo("nobody");
        assertThat(read("session=; session=x; session=")).isEqualTo("nobody");
    }

    @Test
    @Tag("PL-46")
    void aLoginChangesTheNameAndTheOldOneIsWorthNothing() throws Exception {
        start("memory");
        String planted = login("eva"); // the attacker's own, planted in the browser of her victim
        String fresh = login("ada", "Cookie", planted);
        assertThat(fresh).isNotEmpty().isNotEqualTo(planted);
        assertThat(read(fresh)).isEqualTo("ada");
        assertThat(read(planted)).isEqualTo("nobody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "cookies"})
    @Tag("PL-47")
    void aLogoutEndsTheSession(String kind) throws Exception {
        start(kind);
        String cookie = login("ada");
        var bye = site.get("/logout", "Cookie", cookie);
        assertThat(bye.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("session=;").contains("Max-Age=0");
        if (kind.equals("memory")) {
            assertThat(read(cookie)).isEqualTo("nobody");
        }
    }

    @Test
    @Tag("PL-47")
    void aRequestInWorkDoesNotBringAnEndedSessionBack() {
        var store = new MemorySessions(10, Duration.ofMinutes(1), Duration.ofHours(1));
        Session session = store.create(now.get());
        session.put("user", "ada");
        String id = store.keep(session).orElseThrow();
        session.told();
        Session inWork = store.find(id, now.get()).orElseThrow();
        session.end();
        store.forget(session);
        inWork.remove("x");
        assertThat(store.keep(inWork)).isEmpty();
        assertThat(store.find(id, now.get())).isEmpty();
        assertThat(store.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "cookies"})
    @Tag("PL-48")
    void aSessionEndsWithoutRequestsAndWithAge(String kind) throws Exception {
        start(kind);
        String cookie = login("ada");
        now.set(now.get().plus(Duration.ofMinutes(29)));
        var still = site.get("/read", "Cookie", cookie);
        assertThat(still.body()).isEqualTo("ada");
        String next = cookie(still).isEmpty() ? cookie : cookie(still);
        now.set(now.get().plus(Duration.ofMinutes(29)));
        assertThat(read(next)).isEqualTo("ada");
        now.set(now.get().plus(Duration.ofMinutes(31)));
        assertThat(read(next)).isEqualTo("nobody");
        assertThat(read(cookie)).isEqualTo("nobody");

        String old = login("eva");
        for (int i = 0; i < 30; i++) {
            now.set(now.get().plus(Duration.ofMinutes(25)));
            String renewed = cookie(site.get("/read", "Cookie", old));
            old = renewed.isEmpty() ? old : renewed;
        }
        assertThat(read(old)).isEqualTo("nobody"); // twelve hours are over
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "cookies"})
    @Tag("PL-48")
    void aSessionHasALimitAndSoHasTheirNumber(String kind) throws Exception {
        start(kind);
        assertThat(site.get("/large").statusCode()).isEqualTo(500);
        var store = new MemorySessions(3, Duration.ofMinutes(1), Duration.ofHours(1));
        for (int i = 0; i < 10; i++) {
            store.keep(store.create(now.get()));
        }
        assertThat(store.size()).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.inMemory().withTimes(Duration.ofHours(1), Duration.ofMinutes(1)));
    }
}
