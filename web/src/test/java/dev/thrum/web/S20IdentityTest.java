package dev.thrum.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who a client is stays with its request: nothing of it is left on the connection, the loop, a virtual thread or a worker,
/// however the request before ended; and what is told of a failure names no secret.
@Timeout(120)
@Tag("S20")
class S20IdentityTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final int ROUNDS = (int) Math.max(200, Long.getLong("thrum.stress.millis", 300) / 10); // of 50 requests
    private static final Key<String> USER = Key.of("user");
    private static final List<String> PATHS =
            List.of("/now", "/task", "/blocking", "/later", "/throws", "/refused", "/answered", "/none", "/late-refusal");

    private static String user(Request request) {
        return request.get(USER).orElse("nobody");
    }

    private static WebApp app(Kernel kernel) {
        return WebApp.create()
                .on(Event.HeadersParsed.class, event -> event.request()
                        .header("X-User")
                        .ifPresent(user -> event.request().put(USER, user)))
                .on(Event.HeadersParsed.class, event -> {
                    if (event.request().path().equals("/refused")) {
                        throw new HttpException(403, user(event.request()));
                    }
                })
                .awaiting(Event.PreRoute.class, event -> Promise.of(true).map(done -> {
                    if (event.request().path().equals("/answered")) {
                        event.response().send(user(event.request()));
                    }
                    return done;
                }))
                .get("/now", (request, response) -> response.send(user(request)))
                .get("/task", (request, response) -> response.send(kernel.submit(() -> user(request))))
                .get("/blocking", Handler.blocking(4, (request, response) -> response.send(user(request))))
                .get("/later", (request, response) -> Home.current().execute(() -> response.send(user(request))))
                .get("/throws", (request, response) -> {
                    throw new HttpException(400, user(request));
                })
                .get("/late-refusal", (request, response) -> response.send(kernel.submit(() -> {
                    throw new HttpException(409, user(request));
                })));
    }

    @Test
    void nobodyIsTakenForTheClientBefore() throws Exception {
        try (Kernel kernel = Kernel.start(2);
                Server server = app(kernel).start(ANY_PORT)) {
            try (RawClient client = new RawClient(server.ports().getFirst())) {
                var random = new SplittableRandom(20);
                for (int round = 0; round < ROUNDS; round++) {
                    talk(client, random, round);
                }
            }
        }
    }

    /// Asks fifty times on one connection without waiting, as somebody or as nobody.
    private static void talk(RawClient client, SplittableRandom random, int round) throws IOException {
        List<String> users = new ArrayList<>();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            String user = random.nextBoolean() ? "nobody" : "user-" + round + "-" + i;
            users.add(user);
            requests.append("GET ").append(PATHS.get(random.nextInt(PATHS.size()))).append(" HTTP/1.1\r\nHost: h\r\n");
            requests.append(user.equals("nobody") ? "\r\n" : "X-User: " + user + "\r\n\r\n");
        }
        client.write(requests.toString());
        for (String user : users) {
            RawClient.Answer answer = client.read(true);
            String expected = answer.status() == 404 ? "there is no such resource" : user;
            assertThat(answer.status() == 200 ? "\"" + answer.body() + "\"" : answer.body()).contains("\"" + expected + "\"");
        }
    }

    @Test
    void whatIsToldOfAFailureNamesNoSecret() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        WebApp app = WebApp.create()
                .on(Event.Failed.class, event -> told.add(event + " " + Scope.current() + " " + event.problem()))
                .post("/login", (request, response) -> response.send(request.text().map(body -> {
                    throw new IllegalArgumentException("no such user");
                })));
        try (Server server = app.start(ANY_PORT);
                RawClient client = new RawClient(server.ports().getFirst())) {
            client.write("POST /login?token=secret HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer secret\r\nCookie: id=secret\r\n"
                    + "Content-Length: 6\r\n\r\nsecret");

            assertThat(client.read(true).status()).isEqualTo(500);
            assertThat(told.poll(10, SECONDS)).contains("POST /login", "no such user").doesNotContain("secret");
            server.close(Duration.ZERO);
        }
    }
}
