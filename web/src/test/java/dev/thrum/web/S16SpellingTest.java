package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.HttpException;
import dev.thrum.route.TrailingSlash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Other spellings of a path that is guarded: who guards, who routes and who answers see one and the same path, so that no
/// spelling gets past the guard to what it guards.
@Timeout(60)
@Tag("S16")
class S16SpellingTest {
    private final WebApp app = WebApp.create();
    private Server server;

    private int port() {
        if (server == null) {
            server = app.start(Listener.http(0).withHost("127.0.0.1"));
        }
        return server.ports().getFirst();
    }

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
    }

    private static Handler says(String text) {
        return (request, response) -> response.send(text);
    }

    private static List<String> spellings() {
        List<String> paths = new ArrayList<>();
        List<String> names = List.of(
                "admin", "%61dmin", "%61%64%6d%69%6e", "ADMIN", "Admin", "%41dmin", "%2561dmin", "admin;", "admin;x=1", "admin%3bx",
                "admin.", "admin%20", "admin+", "admin%00", "admin%2f", "admin%2e", "admin%23", "admin%3f", "admin..", "%c0%a1dmin",
                "%ef%bd%81dmin", "adm%c4%b1n", "admi%6E", "admin~", "admin:80", "admin::$DATA", "x%2fadmin", "%2fadmin", "%5cadmin");
        for (String name : names) {
            for (String frame : List.of("/%s", "/%s/", "//%s", "///%s//", "/./%s", "/x/../%s", "/x/%%2e%%2e/%s", "/%s/.", "/%s/x/..",
                    "/..;/%s", "/x/..;/%s", "/;/%s", "/%s/secret", "/%s//secret", "/%s/./secret", "/%s/x/../secret", "http://h/%s", "http://h//%s")) {
                paths.add(frame.formatted(name));
            }
        }
        return paths;
    }

    @ParameterizedTest
    @EnumSource(TrailingSlash.class)
    void noSpellingGetsPastAGuard(TrailingSlash slash) throws IOException {
        app.trailingSlash(slash)
                .on(Event.PreRoute.class, event -> {
                    String path = event.request().path();
                    if (path.equals("/admin") || path.startsWith("/admin/")) {
                        throw new HttpException(403, "not you");
                    }
                })
                .get("/admin", says("secret"))
                .get("/admin/secret", says("secret"))
                .get("/{x:path}", (request, response) -> response.send("other"));

        for (String path : spellings()) {
            RawClient.Answer answer = ask(path);
            assertThat(answer.body()).as(path).isNotEqualTo("secret");
            assertThat(answer.status()).as(path).isIn(200, 308, 400, 403);
        }
        assertThat(ask("/x/..//./%61dmin").status()).isEqualTo(403);
    }

    private RawClient.Answer ask(String path) throws IOException {
        try (RawClient client = new RawClient(port())) {
            client.write("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            return client.read(true);
        }
    }

    @Test
    void whatTheRouterComparesIsWhatTheHandlerSees() throws IOException {
        app.get("/admin", says("secret")).get("/{x:path}", (request, response) -> response.send(request.path()));

        assertThat(ask("/%61dmin").body()).isEqualTo("secret");
        assertThat(ask("//admin").body()).isEqualTo("secret");
        assertThat(ask("/x/..//./admin").body()).isEqualTo("secret");
        assertThat(ask("/admin;x=1").body()).isEqualTo("/admin;x=1");
        assertThat(ask("/ADMIN").body()).isEqualTo("/ADMIN");
        assertThat(ask("/admin/").body()).isEqualTo("/admin/");
        assertThat(ask("/admin.").body()).isEqualTo("/admin.");
        assertThat(ask("/%2561dmin").body()).isEqualTo("/%61dmin");
        assertThat(ask("/x%2fadmin").status()).isEqualTo(400);
    }

    @Test
    void aGuardOfAMethodHoldsUnlessTheApplicationAsksForOverriding() throws IOException {
        app.on(Event.PreRoute.class, event -> {
                    if (event.request().method().name().equals("DELETE")) {
                        throw new HttpException(403, "not you");
                    }
                })
                .delete("/a", says("deleted"))
                .post("/a", says("posted"));

        try (RawClient client = new RawClient(port())) {
            client.write("POST /a?_method=DELETE HTTP/1.1\r\nHost: h\r\nX-HTTP-Method-Override: DELETE\r\n\r\n");
            assertThat(client.read(true).body()).isEqualTo("posted");
            client.write("delete /a HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.read(true).status()).isEqualTo(405);
            client.write("DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.read(true).status()).isEqualTo(403);
        }
    }
}
