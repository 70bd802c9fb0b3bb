package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Method;
import dev.thrum.route.PathPattern;
import dev.thrum.route.Route;
import dev.thrum.route.TrailingSlash;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What routes mean in an application, on real sockets.
@Timeout(120)
class RoutingTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");

    private final WebApp app = WebApp.create();
    private Server server;

    private int port() {
        if (server == null) {
            server = app.start(ANY_PORT);
        }
        return server.ports().getFirst();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    private RawClient.Answer ask(String requestLine, String host) throws IOException {
        try (RawClient client = new RawClient(port())) {
            client.write(requestLine + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            return client.read(true);
        }
    }

    private static Handler says(String text) {
        return (request, response) -> response.send(text);
    }

    @Test
    @Tag("W-3")
    void groupsOfAnExpressionReachTheHandler() throws IOException {
        app.route(Route.of(
                List.of(Method.GET),
                PathPattern.regex("/archive/(\\d+)(?:/(.+))?"),
                (request, response) -> response.send(request.pathInt("1") + 1 + " "
                        + request.parameters().get("2").orElse("none"))));

        assertThat(RawClient.get(port(), "/archive/41/a%20b").body()).isEqualTo("42 a b");
        assertThat(RawClient.get(port(), "/archive/41").body()).isEqualTo("42 none");
        assertThat(RawClient.get(port(), "/archive/x").status()).isEqualTo(404);
    }

    @Test
    @Tag("S22")
    void aPathThatTakesTooLongIsRefusedAndTheConnectionGoesOn() throws IOException {
        app.route(Route.of(List.of(), PathPattern.regex("/(a+)+b"), says("matched")));
        try (RawClient client = new RawClient(port())) {
            client.write("GET /" + "a".repeat(5_000) + "c HTTP/1.1\r\nHost: h\r\n\r\nGET /ab HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(client.read(true).status()).isEqualTo(400);
            assertThat(client.read(true).body()).isEqualTo("matched");
        }
    }

    @Test
    @Tag("D-3")
    void passKeepsTheHostAndTheOverriddenMethod() throws IOException {
        Handler passes = (request, response) -> response.pass();
        app.methodOverride()
                .onHost("shop.example", shop -> shop.delete("/{x:int}", passes).delete("/{x}", says("shop")))
                .delete("/{x:path}", says("all hosts"))
                .post("/{x:path}", says("post"));

        assertThat(ask("POST /7?_method=delete", "shop.example").body()).isEqualTo("shop");
        assertThat(ask("POST /7?_method=delete", "other.example").body()).isEqualTo("all hosts");
    }

    @ParameterizedTest
    @CsvSource({
        "POST /a?_method=DELETE, deleted",
        "POST /a?x=1&_method=delete, deleted",
        "POST /a?_method=put&_method=delete, put",
        "POST /a?_method=get, posted",
        "POST /a?_method=options, posted",
        "POST /a?_method=, posted",
        "POST /a?x_method=delete, posted",
        "GET /a?_method=delete, got",
        "PUT /a?_method=delete, put",
    })
    @Tag("D-4")
    void theMethodIsOverriddenInPostRequestsOnly(String request, String body) throws IOException {
        app.methodOverride()
                .get("/a", says("got"))
                .post("/a", says("posted"))
                .put("/a", says("put"))
                .delete("/a", says("deleted"));

        assertThat(ask(request, "h").body()).isEqualTo(body);
    }

    @Test
    @Tag("D-4")
    void theMethodIsNotOverriddenUnlessTheApplicationAsksForIt() throws IOException {
        app.post("/a", says("posted")).delete("/a", says("deleted"));

        assertThat(ask("POST /a?_method=delete", "h").body()).isEqualTo("posted");
    }

    @Test
    void aPathWithASlashTooManyIsSentToTheOther() throws IOException {
        app.trailingSlash(TrailingSlash.REDIRECT).get("/ä b/{x}", says("x"));

        var answer = ask("GET /%C3%A4%20b/c%25/?q=%0a", "h");

        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.header("Location")).contains("/%C3%A4%20b/c%25?q=%0a");
    }

    @Test
    void clearedRoutesAnswerNoMore() throws IOException {
        app.get("/a", says("a"))
                .onHost("shop.example", shop -> shop.get("/a", says("shop")))
                .get("/b", says("b"))
                .clearRoute(Route.of(Method.GET, "/a", says("any")));

        assertThat(RawClient.get(port(), "/a").status()).isEqualTo(404);
        assertThat(ask("GET /a", "shop.example").body()).isEqualTo("shop");
        assertThat(app.routes().all()).hasSize(2);
        assertThat(app.clearRoutes().routes().all()).isEmpty();
    }

    @Test
    @Tag("W-3")
    void aRouteForAnyMethodAnswersOptionsToo() throws IOException {
        app.any("/a", says("any"));

        assertThat(RawClient.ask(port(), "OPTIONS", "/a").body()).isEqualTo("any");
        assertThat(RawClient.ask(port(), "BREW", "/a").body()).isEqualTo("any");
    }

    @Test
    void aShadowIsReportedAtTheStart() throws IOException {
        app.named("shop")
                .append(Route.of(Set.of(), PathPattern.of("/{x:path}"), says("all")).withPriority(1))
                .get("/a", says("a"));

        assertThat(app.routes().shadowed())
                .extracting(Object::toString)
                .containsExactly("the route GET /a is never asked unless * /{x:path}, priority 1 passes");
        assertThat(RawClient.get(port(), "/a").body()).isEqualTo("all");
    }
}
