package dev.thrum.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A process takes the place of another on the same port again and again, while clients ask.
@Timeout(300)
class RollingRestartTest {
    private static final int RESTARTS = Long.getLong("thrum.stress.millis", 300) < 20_000 ? 2 : 50;
    private static final Duration LONG = Duration.ofSeconds(60); // no client is so slow that its connection counts as quiet
    private static final Drain PATIENT = Drain.standard().withQuiet(LONG).withGrace(LONG);
    private static final String KEEP = "GET /pid HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String CLOSE = "GET /pid HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    /// Answers who it is, at the port that it is told, and drains when it is told to end.
    static final class Program {
        public static void main(String[] args) throws InterruptedException {
            String self = Long.toString(ProcessHandle.current().pid());
            Server server = WebApp.create()
                    .get("/pid", (request, response) -> response.send(self))
                    .start(Listener.http(Integer.parseInt(args[0])).withHost("127.0.0.1").withSharedPort());
            server.closeOn(Signal.TERM, PATIENT);
            System.out.println(server.ports().getFirst());
            server.join();
        }
    }

    /// A process that answers.
    private record Instance(Process process, int port) {
        static Instance start(int port) throws IOException {
            Process process = JavaProcess.of(Program.class, Integer.toString(port));
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            return new Instance(process, Integer.parseInt(out.readLine()));
        }

        void end() throws InterruptedException {
            process.toHandle().destroy();
            assertThat(process.waitFor(100, SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }

    private final LongAdder answers = new LongAdder();
    private final LongAdder resets = new LongAdder(); // of a connection's first request, before a byte of its answer
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    private void count(RawClient.Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        answered.add(answer.body());
        answers.increment();
    }

    /// A connection and its first answer.
    private record Visit(RawClient client, RawClient.Answer first) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /// Asks on a new connection, and on another one where that is reset before the first byte of an answer.
    private Visit visit(int port, String request) throws IOException {
        IOException reset = null;
        for (int i = 0; i < 5; i++) {
            try {
                return visitOnce(port, request);
            } catch (IOException problem) {
                resets.increment();
                reset = problem;
            }
        }
        throw new AssertionError("five connections were reset", reset);
    }

    private Visit visitOnce(int port, String request) throws IOException {
        RawClient client = new RawClient(port);
        try {
            client.write(request);
            RawClient.Answer first = client.read(true);
            count(first);
            return new Visit(client, first);
        } catch (IOException problem) {
            client.close();
            throw problem;
        }
    }

    /// Asks on one connection as long as the server keeps it, and may not fail on one that has answered before.
    private @Nullable Void stay(int port) throws IOException {
        while (!over) {
            try (Visit visit = visit(port, KEEP)) {
                RawClient.Answer answer = visit.first();
                while (!over && answer.header("Connection").isEmpty()) {
                    visit.client().write(KEEP);
                    answer = visit.client().read(true);
                    count(answer);
                }
            }
        }
        return null;
    }

    /// Asks on a connection of its own each time.
    private @Nullable Void comeAndGo(int port) throws IOException {
        while (!over) {
            visit(port, CLOSE).close();
        }
        return null;
    }

    @Test
    @Tag("W-55")
    void noRequestFailsWhileProcessesTakeEachOthersPlace() throws Exception {
        Instance now = Instance.start(0);
        int port = now.port();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    all.add(clients.submit(() -> stay(port)));
                    all.add(clients.submit(() -> comeAndGo(port)));
                }
                for (int i = 0; i < RESTARTS; i++) {
                    Instance next = Instance.start(port);
                    Instance former = now;
                    now = next;
                    former.end();
                    String successor = Long.toString(next.process().pid());
                    while (!answered.contains(successor) && all.stream().noneMatch(Future::isDone)) {
                        Thread.onSpinWait();
                    }
                }
            } finally {
                over = true;
                for (Future<?> client : all) {
                    client.get(100, SECONDS);
                }
            }
        } finally {
            now.process().destroyForcibly();
        }
        System.out.printf("%d restarts, %d answers, %d connections reset before their first byte%n", RESTARTS, answers.sum(), resets.sum());
        assertThat(answered).hasSize(RESTARTS + 1);
    }
}
