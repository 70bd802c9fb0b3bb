package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Timeouts;
import dev.thrum.web.Event;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What slowhttptest does to a server, in all its modes at once: it loses its connections, and nobody else waits for it.
class SlowHttpTest {
    private static final int CONNECTIONS = 150; // of each attack
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> attacks = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger all = new AtomicInteger();

    @AfterEach
    void stop() {
        attacks.forEach(Process::destroyForcibly);
        client.shutdownNow();
    }

    private WebApp app() {
        return WebApp.create()
                .timeouts(Timeouts.standard()
                        .withHead(PATIENCE)
                        .withBody(PATIENCE)
                        .withIdle(PATIENCE)
                        .withWrite(PATIENCE)
                        .withLinger(PATIENCE))
                .on(Event.Connected.class, event -> {
                    open.incrementAndGet();
                    all.incrementAndGet();
                })
                .on(Event.Disconnected.class, event -> open.decrementAndGet());
    }

    /// Starts an attack that goes on for minutes.
    private void attack(String url, String... options) throws IOException {
        String number = Integer.toString(CONNECTIONS);
        List<String> command = new ArrayList<>(
                List.of("slowhttptest", "-u", url, "-c", number, "-r", number, "-i", "1", "-p", "60", "-l", "600"));
        command.addAll(List.of(options));
        attacks.add(new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start());
    }

    /// {@return what nine of ten requests needed at most, of a thousand and those that were asked until `done`}
    private double nanos(Site site, BooleanSupplier done) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(site.url("/"))).build();
        List<Long> times = new ArrayList<>();
        while (times.size() < 1_000 || !done.getAsBoolean()) {
            long start = System.nanoTime();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
            times.add(System.nanoTime() - start);
        }
        times.sort(null);
        return times.get(times.size() * 9 / 10);
    }

    /// {@return whether the attackers were there, and are not any more}
    private boolean isShakenOff() {
        return all.get() >= 3 * CONNECTIONS && open.get() <= 2; // the client's own, and a probe
    }

    @Test
    @Tag("S12")
    void losesItsConnectionsAndHarmsNobodyElse() throws Exception {
        try (Site site = Site.start(app())) {
            double alone = nanos(site, () -> true);
            attack(site.url("/"), "-H"); // heads without an end
            attack(site.url("/upload"), "-B", "-t", "POST", "-s", "8192", "-x", "10"); // bodies that trickle
            attack(site.url("/file"), "-X", "-k", "3", "-n", "1", "-w", "10", "-y", "20", "-z", "5"); // answers that nobody reads
            attack(site.url("/"), "-R", "-t", "HEAD", "-a", "10", "-b", "3000"); // ranges without number

            double attacked = nanos(site, this::isShakenOff);

            assertThat(attacked).isLessThan(20 * alone + PATIENCE.toNanos() / 4.0);
        }
    }
}
