package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.BodyWriter;
import dev.thrum.http.Request;
import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Requests of all kinds, each with a token of its own, answered in all ways, left in every state: no answer may carry
/// another request's token, and no token is seen twice. There are 200,000 of them, and 10⁶ in the profile `stress`. They run without
/// the traces that tests have, as in production, since these would take a third of the time.
class S7MixUpTest {
    private static final int CLIENTS = 32;
    private static final long REQUESTS = Math.max(200_000, Long.getLong("thrum.stress.millis", 300) * 50); // or 10⁶
    private static final Key<String> IDENTITY = Key.of("identity");
    private static final List<String> ANSWERS = List.of("now", "later", "task", "blocking", "stream", "pieces", "input");

    private final List<Throwable> problems = new CopyOnWriteArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicLong asked = new AtomicLong();

    private static String token(Request request) {
        String token = request.header("X-Token").orElseThrow();
        assertThat(request.query()).contains(token);
        assertThat(request.get(IDENTITY)).contains(token); // S20: what a hook found out about the client
        return token;
    }

    private static WebApp app(Kernel kernel) {
        return WebApp.create()
                .on(Event.HeadersParsed.class, event -> event.request()
                        .put(IDENTITY, event.request().header("X-Token").orElseThrow()))
                .any("/now", (request, response) -> response.send(token(request)))
                .any("/later", (request, response) -> {
                    String token = token(request);
                    Home.current().schedule(Duration.ofMillis(1), () -> response.send(token));
                })
                .any("/task", (request, response) -> {
                    String token = token(request);
                    String work = Scope.current().toString();
                    response.send(kernel.submit(() -> {
                        assertThat(Scope.current().toString()).isEqualTo(work);
                        return token;
                    }));
                })
                .any("/blocking", Handler.blocking(16, (request, response) -> response.send(token(request))))
                .any("/stream", (request, response) -> {
                    String token = token(request);
                    response.send(request.text().map(body -> body.isEmpty() ? token : body));
                })
                .any("/pieces", (request, response) -> {
                    String token = token(request);
                    var writer = response.start();
                    writer.write(token.substring(0, 1))
                            .then(next -> {
                                Promise<BodyWriter> rest = next.write(token.substring(1));
                                next.finish();
                                return rest;
                            })
                            .recover(IOException.class, gone -> writer);
                })
                .any("/input", Handler.blocking(16, (request, response) -> {
                    String token = token(request);
                    try (InputStream input = request.input();
                            OutputStream output = response.start().output()) {
                        output.write(token.getBytes());
                        input.transferTo(OutputStream.nullOutputStream());
                    }
                }));
    }

    @Test
    @Tag("S7")
    @Tag("S20")
    void noAnswerGoesToAnotherRequest() throws Exception {
        try (Kernel kernel = Kernel.start(2);
                Server server = app(kernel).start(Listener.http(0).withHost("127.0.0.1").withLoops(2))) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int seed = i;
                clients.add(Thread.ofVirtual().start(() -> run(server.ports().getFirst(), seed)));
            }
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(problems).isEmpty();
        assertThat(asked.get()).isGreaterThanOrEqualTo(REQUESTS);
        assertThat(seen).hasSizeGreaterThan((int) (REQUESTS / 3));
    }

    private void run(int port, int seed) {
        var random = new SplittableRandom(seed);
        try {
            for (int connection = 0; asked.get() < REQUESTS && problems.isEmpty(); connection++) {
                talk(port, random, seed + "-" + connection);
            }
        } catch (Throwable problem) {
            problems.add(problem);
        }
    }

    /// Asks a few times in a row without waiting; then reads all answers, or leaves in the middle of anything.
    private void talk(int port, SplittableRandom random, String name) throws IOException {
        try (RawClient client = new RawClient(port)) {
            List<String> tokens = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            StringBuilder requests = new StringBuilder();
            int count = 1 + random.nextInt(48);
            for (int i = 0; i < count; i++) {
                String token = name + "-" + i;
                tokens.add(token);
                ends.add(requests.append(request(random, token)).length());
            }
            asked.addAndGet(count);
            boolean leaves = random.nextInt(3) == 0;
            int sent = leaves ? random.nextInt(requests.length()) : requests.length();
            client.write(requests.substring(0, sent));
            int whole = (int) ends.stream().filter(end -> end <= sent).count();
            int read = leaves ? random.nextInt(whole + 1) : whole;
            for (int i = 0; i < read; i++) {
                RawClient.Answer answer = client.read(true);
                String told = answer.status() + " " + answer.body() + (seen.add(answer.body()) ? "" : " again");
                assertThat(told).isEqualTo("200 " + tokens.get(i));
            }
        }
    }

    private static String request(SplittableRandom random, String token) {
        String answer = ANSWERS.get(random.nextInt(ANSWERS.size()));
        boolean hasBody = random.nextInt(3) == 0;
        String head = (hasBody ? "POST" : "GET") + " /" + answer + "?" + token + " HTTP/1.1\r\nHost: h\r\nX-Token: " + token + "\r\n";
        if (!hasBody) {
            return head + "\r\n";
        }
        return random.nextBoolean()
                ? head + "Content-Length: " + token.length() + "\r\n\r\n" + token
                : head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(token.length()) + "\r\n" + token + "\r\n0\r\n\r\n";
    }
}
