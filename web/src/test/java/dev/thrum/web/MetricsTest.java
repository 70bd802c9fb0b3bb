package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.promise.Resolver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetricsTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");

    private static Metrics of(Tally... tallies) {
        return Metrics.of(Stream.of(tallies), new Load(), 0);
    }

    @Test
    @Tag("W-102")
    void theCountsOfAllLoopsAreAdded() {
        Tally one = new Tally();
        Tally other = new Tally();
        one.count(200, 1_000);
        one.count(304, 1_000);
        other.count(404, 1_000);
        other.count(503, 1_000);
        other.count(204, 1_000);

        Metrics metrics = of(one, other);

        assertThat(List.of(metrics.succeeded(), metrics.redirected(), metrics.refused(), metrics.failed()))
                .containsExactly(2L, 1L, 1L, 1L);
        assertThat(metrics.answered()).isEqualTo(5);
        assertThat(metrics.time()).isEqualTo(Duration.ofNanos(5_000));
    }

    @Test
    @Tag("W-102")
    void theHistogramTellsWithinWhatTimeAShareWasAnswered() {
        Tally tally = new Tally();
        for (int i = 0; i < 98; i++) {
            tally.count(200, Duration.ofMillis(2).toNanos());
        }
        tally.count(200, Duration.ofMillis(30).toNanos());
        tally.count(200, Duration.ofMinutes(1).toNanos());

        Metrics metrics = of(tally);

        assertThat(metrics.within(0.5)).isEqualTo(Duration.ofMillis(2));
        assertThat(metrics.within(0.98)).isEqualTo(Duration.ofMillis(2));
        assertThat(metrics.within(0.99)).isEqualTo(Duration.ofMillis(50));
        assertThat(metrics.within(1)).isGreaterThan(Duration.ofDays(1_000));
        assertThat(of().within(0.99)).isZero();
        assertThat(metrics.latencies()).hasSize(Metrics.BOUNDS.size() + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> metrics.within(1.1)).withMessage("share must be 0..1: 1.1");
    }

    @Test
    @Tag("W-102")
    void aServerCountsWhatItAnswersNowLaterAndNotAtAll() throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        Resolver<String> answer = Resolver.create();
        WebApp app = WebApp.create()
                .get("/", (request, response) -> response.send("hello"))
                .get("/throw", (request, response) -> {
                    throw new IllegalStateException("as planned");
                })
                .get("/later", (request, response) -> {
                    response.send(answer.promise());
                    entered.countDown();
                });
        try (Server server = app.logLevel(System.Logger.Level.OFF).start(ANY_PORT, ANY_PORT)) {
            int port = server.ports().getFirst();
            RawClient.get(port, "/");
            RawClient.get(server.ports().getLast(), "/");
            RawClient.get(port, "/nowhere");
            RawClient.get(port, "/throw");
            RawClient gone = new RawClient(port);
            try (RawClient patient = new RawClient(port)) {
                patient.write("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
                gone.write("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
                entered.await();
                while (server.metrics().inWork() < 2) {
                    Thread.onSpinWait(); // a request takes its place when its handler has returned
                }
                gone.close();
                while (server.metrics().aborted() < 1) {
                    Thread.onSpinWait();
                }
                answer.resolve("there");
                assertThat(patient.read(true).body()).isEqualTo("there");
            }
            while (server.metrics().requests() < 6) {
                Thread.onSpinWait(); // what is written is counted a moment later
            }

            Metrics metrics = server.metrics();
            assertThat(metrics.succeeded()).isEqualTo(3);
            assertThat(metrics.refused()).isEqualTo(1);
            assertThat(metrics.failed()).isEqualTo(1);
            assertThat(metrics.aborted()).isEqualTo(1);
            assertThat(metrics.inWork()).isZero();
            assertThat(metrics.time()).isPositive();
        }
    }
}
